"""The deployment's platform at the Open Platform: its settings, and what WeChat pushes to its address."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from saas import clock
from saas.db import db, new_id
from saas.wechat.component.api import Authorizer
from saas.wechat.component.settings import Component
from saas.wechat.gateway import Post
from tenants.accounts import services
from tenants.accounts.services import connections
from tests.factories.callbacks import AES_KEY, posted

COMPONENT = Component(app_id="wxcomp0000000001", secret="component-secret", token="component-token", aes_key=AES_KEY)
SETTINGS = {
    "wechat_component_app_id": COMPONENT.app_id,
    "wechat_component_secret": COMPONENT.secret,
    "wechat_component_token": COMPONENT.token,
    "wechat_component_aes_key": COMPONENT.aes_key,
}
_times = count(1_760_000_000)


def event_xml(kind: str, *, created_at: int | None = None, **values: str) -> str:
    """An event in clear; each later than the one before unless a time is given."""
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in values.items())
    stamp = next(_times) if created_at is None else created_at
    app_id = values.get("AppId") or COMPONENT.app_id
    head = "" if "AppId" in values else f"<AppId><![CDATA[{app_id}]]></AppId>"
    return f"<xml>{head}<CreateTime>{stamp}</CreateTime><InfoType><![CDATA[{kind}]]></InfoType>{inner}</xml>"


def event_post(kind: str, *, created_at: int | None = None, **values: str) -> Post:
    """An event as it is posted: sealed and signed for the component."""
    body, query = posted(COMPONENT.keys, event_xml(kind, created_at=created_at, **values))
    return Post(body, query, COMPONENT.app_id)


def authorised(app_id: str, *, code: str = "queryauthcode", pre_auth_code: str = "", **values: int) -> Post:
    """The event of a scan."""
    return event_post(
        "authorized",
        created_at=values.get("created_at"),
        AuthorizerAppid=app_id,
        AuthorizationCode=code,
        AuthorizationCodeExpiredTime="3600",
        PreAuthCode=pre_auth_code,
    )


AUTHORIZER = Authorizer(
    app_id="wxauthorised00001",
    original_id="gh_authorised01",
    name="云岫外滩",
    service_type="service",
    verified=True,
    is_mini_program=False,
    permission_sets=(1, 2, 15),
)


def authorise(account_id: Any) -> None:
    """Connects the account as a job does after a scan."""
    told = replace(AUTHORIZER, app_id=f"wx{new_id().hex[-16:]}")
    connections.connect_authorised(services.access_account(account_id), told, moment=clock.now())
    db.session.commit()
