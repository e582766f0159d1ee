"""Which third-party platform this deployment is at WeChat's Open Platform: one for all its brands, or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid5

from saas.config import Config
from saas.tenancy.scope import NO_TENANT
from saas.wechat.ports import AccountKeys, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """The platform's own app_id and keys; one token and key for all its accounts."""

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)

    @property
    def id(self) -> UUID:
        """Names its rows, which belong to no brand."""
        return uuid5(NO_TENANT, self.app_id)

    @property
    def keys(self) -> AccountKeys:
        """What opens the events WeChat posts about authorisations: always sealed."""
        return AccountKeys(
            tenant_id=NO_TENANT,
            account_id=self.id,
            app_id=self.app_id,
            token=self.token,
            encoding_aes_key=self.aes_key,
            mode=Mode.SAFE,
        )


def component_of(config: Config) -> Component | None:
    """The platform the settings name; None unless all four are there."""
    component = Component(
        app_id=config.wechat_component_app_id,
        secret=config.wechat_component_secret,
        token=config.wechat_component_token,
        aes_key=config.wechat_component_aes_key,
    )
    return component if component.app_id and component.secret and component.token and component.aes_key else None
