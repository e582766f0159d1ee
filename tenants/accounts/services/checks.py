"""The self-test of a connection: our address is reached, a token is fetched, a message was answered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import requests
from requests.adapters import HTTPAdapter

from saas import clock
from saas.wechat.component.plug import present_component
from saas.wechat.crypto import sign
from saas.wechat.deadline import TooLarge, bounded, make_timely, within
from saas.wechat.errors import WeChatError
from tenants.accounts.domain import Step, StepState
from tenants.accounts.models import Connection
from tenants.accounts.services.authorisations import ENDED, doubt_authorisation
from tenants.accounts.services.calls import client_of
from tenants.accounts.services.connections import access_connection
from tenants.accounts.services.keys import unseal

SECONDS, MOST_BYTES = 4.0, 64 * 1024


class _Timely(HTTPAdapter):
    """Keeps the end that was set for the whole call."""

    def __init__(self) -> None:
        super().__init__()
        make_timely(self.poolmanager)


@dataclass(frozen=True)
class Health:
    """What the last self-test found; `checked_at` is empty before the first."""

    checked_at: str
    steps: tuple[Step, ...]


def check_connection(account_id: UUID, *, callback_base: str) -> Health:
    """Runs the self-test and keeps what it found. Raises NotFound and NotConnected."""
    connection = access_connection(account_id)
    steps = (
        _check_callback(connection, callback_address(callback_base, connection)),
        _check_token(connection),
        _check_message(connection),
    )
    connection.health = {
        "checked_at": clock.now().isoformat(timespec="seconds"),
        **{step.name: {"state": step.state.value, "reason": step.reason} for step in steps},
    }
    return Health(connection.health["checked_at"], steps)


def health_of(connection: Connection) -> Health:
    """What the last self-test found, with what was heard since."""
    stored: dict[str, Any] = connection.health
    steps = [_stored(name, stored) for name in ("callback", "token")]
    return Health(stored.get("checked_at", ""), (*steps, _check_message(connection)))


def callback_address(base: str, connection: Connection) -> str:
    """The address to be typed into WeChat's console; for an account connected by a scan, the one the operator typed."""
    if not connection.is_authorised:
        return f"{base}/wechat/{connection.app_id}"
    component = present_component()
    return f"{base}/wechat/component/{component.app_id if component is not None else ''}"


def _stored(name: str, health: dict[str, Any]) -> Step:
    found = health.get(name)
    if found is None:
        return Step(name, StepState.WAITING)
    return Step(name, StepState(found["state"]), found["reason"])


def _check_callback(connection: Connection, address: str) -> Step:
    echo = secrets.token_hex(8)
    stamp, nonce = str(int(clock.now().timestamp())), secrets.token_hex(5)
    query = {"signature": sign(_token_of(connection), stamp, nonce), "timestamp": stamp, "nonce": nonce}
    try:
        status, text = _ask(f"{address}?{urlencode({**query, 'echostr': echo})}")
    except TooLarge:
        return Step("callback", StepState.FAILED, "echo")
    except requests.RequestException:
        return Step("callback", StepState.FAILED, "unreached")
    if status != 200:
        return Step("callback", StepState.FAILED, f"status {status}")
    return Step("callback", StepState.OK) if text == echo else Step("callback", StepState.FAILED, "echo")


def _ask(address: str) -> tuple[int, str]:
    # As WeChat asks: straight, without this machine's proxies and credentials, and following nobody elsewhere. Whoever
    # answers there may not be us: no longer than SECONDS in all, and no more than MOST_BYTES.
    with requests.Session() as session, within(SECONDS):
        session.trust_env = False
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Timely())
        with session.get(address, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
            return answer.status_code, bounded(answer, MOST_BYTES).text if answer.status_code == 200 else ""


def _token_of(connection: Connection) -> str:
    if not connection.is_authorised:
        return unseal(connection, "token")
    component = present_component()
    return component.token if component is not None else ""


def _check_token(connection: Connection) -> Step:
    if connection.is_withdrawn:
        return Step("token", StepState.FAILED, "withdrawn")
    if connection.app_secret is None and not connection.is_authorised:
        return Step("token", StepState.FAILED, "no_secret")
    try:
        client_of(connection.id).fetch_token()
    except WeChatError as error:
        if error.errcode in ENDED:
            doubt_authorisation(connection.id)
        return Step("token", StepState.FAILED, str(error.errcode or "unreached"))
    return Step("token", StepState.OK, "renewed" if connection.is_authorised else "")


def _check_message(connection: Connection) -> Step:
    heard, since = connection.last_callback_at, connection.connected_at
    if heard is None or (since is not None and heard < since):
        return Step("message", StepState.WAITING, "authorised" if connection.is_authorised else "")
    return Step("message", StepState.OK)
