"""The invitation by which a store connects itself: a link that opens without a log-in, leads to WeChat and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from saas import clock
from saas.db import db
from saas.errors import NotFound
from saas.security.links import LinkExpired, open_link, sign_link
from saas.tenancy.directory import find_tenant
from saas.tenancy.scope import current_scope, enter, enter_directory, system_scope
from saas.wechat.component.door import place_of_state
from saas.wechat.component.links import Place, Way
from saas.wechat.component.plug import access_component, present_component
from saas.wechat.component.scans import open_scan
from tenants.accounts.errors import LinkOver, LinkUsed
from tenants.accounts.models import Account, AuthorisationEvent, Connection
from tenants.accounts.services.connections import find_connection
from tenants.accounts.services.scans import Outcome
from tenants.accounts.services.tree import access_with_connection

LASTS = timedelta(days=7)
PURPOSE = "accounts.authorise"


@dataclass(frozen=True, slots=True)
class ScanLink:
    """The token of an invitation, and until when it opens."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation is for."""

    place: Place
    brand: str
    account: str
    app_id: str


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What became of a scan; `errcode` where WeChat refused."""

    brand: str
    account: str
    outcome: Outcome
    errcode: int | None = None
    wechat_name: str = ""


def may_scan() -> bool:
    """Whether this deployment is a platform that accounts can authorise."""
    return present_component() is not None


def invite_to_scan(account: Account) -> ScanLink:
    """A link for whoever administers the account at WeChat; ends after seven days, or as soon as the account is connected,
    authorised anew or disconnected.

    Raises ComponentNotSetUp.
    """
    access_component()
    place = (current_scope().tenant.id.hex, account.id.hex)
    token = sign_link(PURPOSE, *place, _stamp(find_connection(account.id)))
    return ScanLink(token, clock.now() + LASTS)


def authorised_stamp(account: Account) -> str:
    """Another one after each connecting, authorisation and disconnection; needs the connection loaded."""
    return _stamp(account.connection)


def open_invitation(token: str) -> Invited:
    """What a link is for. Raises NotFound, LinkOver, LinkUsed, and ComponentNotSetUp."""
    try:
        tenant_id, account_id, stamp = open_link(PURPOSE, token, lasts=LASTS)
    except LinkExpired:
        raise LinkOver from None
    access_component()
    return _invited(Place(UUID(tenant_id), UUID(account_id)), stamp)


def start_scan(token: str, back: Callable[[str], str]) -> Way:
    """A fresh way to WeChat's page. Raises what `open_invitation` does, TicketMissing and WeChatError."""
    invited = open_invitation(token)
    return open_scan(invited.place, back, app_id=invited.app_id)


def scan_result(state: str) -> ScanResult:
    """What became of the scan a browser came back from; raises NotFound."""
    place = place_of_state(state)
    with enter_directory():
        tenant = find_tenant(place.tenant_id)
    with enter(system_scope(tenant)):
        account = access_with_connection(place.account_id)
        query = select(AuthorisationEvent).where(
            AuthorisationEvent.account_id == account.id, AuthorisationEvent.kind == "returned"
        )
        event = db.session.scalars(query.order_by(AuthorisationEvent.received_at.desc()).limit(1)).first()
        outcome = Outcome(event.outcome) if event is not None else Outcome.OPEN
        name = account.connection.name if account.connection is not None else ""
        return ScanResult(tenant.name, account.name, outcome, event.errcode if event is not None else None, name)


def _invited(place: Place, stamp: str) -> Invited:
    with enter_directory():
        tenant = find_tenant(place.tenant_id)
    with enter(system_scope(tenant)):
        account = access_with_connection(place.account_id)
        if account.archived_at is not None:
            raise NotFound
        if _stamp(account.connection) != stamp:
            raise LinkUsed
        app_id = (account.connection.app_id or "") if account.connection is not None else ""
        return Invited(place, tenant.name, account.name, app_id)


def _stamp(connection: Connection | None) -> str:
    """Never the same again, also where all is as it was: the moment of the last connecting stays after a disconnection."""
    if connection is None:
        return ""
    moments = (connection.connected_at, connection.authorised_at)
    return "-".join([connection.connection, *(_micros(moment) for moment in moments)])


def _micros(moment: datetime | None) -> str:
    return "" if moment is None else str(int(moment.timestamp() * 1_000_000))
