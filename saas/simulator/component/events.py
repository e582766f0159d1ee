"""What Tencent tells a platform's server: tickets, and what owners gave, changed and took back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from flask_babel import lazy_gettext as _l

from saas.simulator import wire
from saas.simulator.acting import Desk
from saas.simulator.component import grants, tickets
from saas.simulator.component.registry import NEVER, Component, find_component
from saas.simulator.courier import Parcel, Try
from saas.simulator.errcodes import Refused
from saas.simulator.replies import Answer


@dataclass(frozen=True)
class Told:
    """How a push to a platform's server went. status: empty (it said `success`) or failed."""

    status: str
    tries: tuple[Try, ...]
    ticket: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What an owner confirmed on the page."""

    app_id: str
    sets: tuple[int, ...]
    preauth_code: str


def push_ticket(desk: Desk, component: Component) -> Told:
    """A new ticket, handed over."""
    return _hand_over(desk, component, tickets.issue(desk.store, component))


def send_ticket(desk: Desk, component: Component) -> None:
    """A new ticket, handed over in the background."""
    ticket = tickets.issue(desk.store, component)
    desk.callbacks.errands.after(0, lambda: _hand_over(desk, component, ticket))


def authorise(desk: Desk, component: Component, given: Given) -> tuple[str, int]:
    """Does what an owner confirmed, and tells the platform; the auth code for the page, and when it ends. Raises Refused for a used-up preauth code."""
    store = desk.store
    with store.transaction():
        if not grants.use_preauth_code(store, component, given.preauth_code):
            raise Refused(_l("This link was used already or has expired. Ask the platform for a new one."), 409)
        info_type = grants.give(store, component, given.app_id, given.sets)
        code, expires_at = grants.create_auth_code(store, component, given.app_id)
        told_code = code if component.equal_codes else grants.create_auth_code(store, component, given.app_id)[0]
    if info_type:
        _tell(desk, component, info_type, {
            "AuthorizerAppid": given.app_id, "AuthorizationCode": told_code, "AuthorizationCodeExpiredTime": expires_at,
            "PreAuthCode": given.preauth_code,
        })  # fmt: skip
    return code, expires_at


def revoke(desk: Desk, component: Component, app_id: str) -> bool:
    """Takes a grant back, and tells the platform; False when there was none."""
    taken = grants.take_back(desk.store, component, app_id)
    if taken:
        _tell(desk, component, "unauthorized", {"AuthorizerAppid": app_id})
    return taken


def revoke_all(desk: Desk, app_id: str) -> list[str]:
    """Takes back whatever an account gave; the platforms."""
    given = [grant.component for grant in grants.list_of_account(desk.store, app_id)]
    components = [find_component(desk.store, one) for one in given]
    return [one.app_id for one in components if one and revoke(desk, one, app_id)]


def push(desk: Desk, component: Component, info_type: str, fields: dict[str, object]) -> Told:
    """One event, handed over with all its tries and written into the books."""
    created = desk.store.now()
    xml = wire.build({"AppId": component.app_id, "CreateTime": created, "InfoType": info_type, **fields})
    number = desk.store.write(
        """INSERT INTO deliveries (app_id, openid, msg_type, event, msg_id, create_time, request, at)
           VALUES (?, '', 'component', ?, '', ?, ?, ?)""",
        component.app_id, info_type, created, xml, desk.store.moment().timestamp(),
    )  # fmt: skip

    def seal() -> wire.Sealed:
        return wire.seal_event(component, xml, now=desk.store.now())

    parcel = Parcel(owner=component.app_id, url=component.event_url, seal=seal, read=_read)
    tries, answer = desk.callbacks.courier.hand_over(parcel)
    status = "failed" if answer is None else "empty"
    sql = "UPDATE deliveries SET status = ?, tries = ?, count = ? WHERE id = ?"
    desk.store.write(sql, status, json.dumps([asdict(one) for one in tries]), len(tries), number)
    return Told(status, tuple(tries))


def _hand_over(desk: Desk, component: Component, ticket: str) -> Told:
    told = push(desk, component, "component_verify_ticket", {"ComponentVerifyTicket": ticket})
    return Told(told.status, told.tries, ticket)


def _tell(desk: Desk, component: Component, info_type: str, fields: dict[str, object]) -> None:
    if component.event_delay != NEVER:
        desk.callbacks.errands.after(component.event_delay, lambda: push(desk, component, info_type, fields))


def _read(body: bytes) -> Answer:
    """Only `success` and silence are answers here."""
    text = body.decode("utf-8")
    if text not in ("", "success"):
        raise ValueError("not success")
    return Answer(text, None)
