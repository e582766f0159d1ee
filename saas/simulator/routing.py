"""Where an account's pushes go: to the platform that may receive its messages, else to the account's own server, else nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

from saas.simulator.accounts import Account
from saas.simulator.component import grants, registry, sets
from saas.simulator.settings import SimulatorSettings
from saas.simulator.store import Store


@dataclass(frozen=True)
class Route:
    """An address, and the account as its pushes are sealed for it."""

    url: str
    speaker: Account


def find_route(store: Store, account: Account, settings: SimulatorSettings) -> Route | None:
    """The route of the account's pushes now."""
    for grant in grants.list_of_account(store, account.app_id):
        component = registry.find_component(store, grant.component)
        if component and sets.MESSAGES in grant.sets:
            url = component.message_url.replace(registry.PLACEHOLDER, account.app_id)
            return Route(url, as_component(account, component))
    return Route(own_address(account, settings), account) if account.direct else None


def own_address(account: Account, settings: SimulatorSettings) -> str:
    """The server that the account's owner has set up."""
    return account.callback_url or f"{settings.callback_url}/wechat/{account.app_id}"


def as_component(account: Account, component: registry.Component) -> Account:
    """Sealed with the platform's keys and app_id, always in safe mode; the original id stays the account's."""
    return replace(
        account,
        app_id=component.app_id,
        token=component.token,
        encoding_aes_key=component.encoding_aes_key,
        mode="safe",
    )
