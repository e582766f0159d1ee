"""Working on what was heard of an authorisation: a scan's code becomes a connection, a withdrawal ends one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from saas import clock
from saas.db import db, new_id
from saas.errors import NotFound
from saas.jobs.plan import plan_job
from saas.jobs.progress import checkpoint
from saas.security.secrets import box_of
from saas.tenancy.scope import current_scope
from saas.wechat.component.errors import CODE_INVALID, CODE_USED
from saas.wechat.component.events import Change, ChangeKind
from saas.wechat.component.links import Place
from saas.wechat.component.scans import has_tokens, read_authorizer, redeem, renew
from saas.wechat.errcodes import Reaction
from saas.wechat.errors import WeChatError
from tenants.accounts.errors import AppIdTaken
from tenants.accounts.models import Account, AuthorisationEvent, Connection
from tenants.accounts.services.connections import connect_authorised, find_connection, withdraw_authorisation
from tenants.accounts.services.tree import access_account

SAME_SCAN = timedelta(hours=1)
"""WeChat tells of one scan twice, by an event and by the browser: within so long they are the same."""
AT_THE_SAME_TIME = timedelta(minutes=10)
"""So close the two are heard, and so long one waits for the other that has used their code up."""
SOON = timedelta(seconds=3)
TAKE_JOB = "accounts.take_authorisation"
COMES_BACK = frozenset({Reaction.RETRY, Reaction.WAIT, Reaction.TOKEN})


class Outcome(StrEnum):
    """What became of a scan; open: nobody has looked yet."""

    OPEN = ""
    CONNECTED = "connected"
    TAKEN = "taken"
    OTHER_ACCOUNT = "other_account"
    MINI_PROGRAM = "mini_program"
    REFUSED = "refused"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"
    IGNORED = "ignored"


NOT_HERE = frozenset({Outcome.TAKEN, Outcome.OTHER_ACCOUNT, Outcome.MINI_PROGRAM})


class OtherAtWork(Exception):
    """The other telling of the same scan has used the code, and it is not known yet what becomes of that."""


class NotedAuthorisations:
    """The answer to the gateway's port `Authorisations`."""

    def note(self, account_id: UUID, change: Change) -> None:
        """Keeps what was heard and plans the work; told twice it is kept once."""
        event_id = new_id()
        row = {
            "tenant_id": current_scope().tenant.id,
            "id": event_id,
            "account_id": account_id,
            "key": change.key,
            "kind": change.kind.value,
            "app_id": change.app_id,
            "code": _box_seal(event_id, change.code) if change.code else None,
            "happened_at": datetime.fromtimestamp(change.happened_at, UTC),
            "outcome": Outcome.OPEN.value,
        }
        kept = insert(AuthorisationEvent).values(row).on_conflict_do_nothing(index_elements=["tenant_id", "key"])
        if db.session.execute(kept.returning(AuthorisationEvent.id)).one_or_none() is not None:
            plan_job(TAKE_JOB, event_id=str(event_id))


def take_authorisation(event_id: UUID) -> None:
    """Works on one event; a second time does nothing. Raises WeChatError where the same may work in a moment."""
    event = db.session.get(AuthorisationEvent, (current_scope().tenant.id, event_id))
    if event is None or event.outcome != Outcome.OPEN:
        return
    try:
        event.outcome = _withdraw(event) if event.kind == ChangeKind.UNAUTHORIZED else _authorise(event)
    except OtherAtWork:
        plan_job(TAKE_JOB, due_at=clock.now() + SOON, event_id=str(event_id))
        return
    except WeChatError as error:
        if error.reaction in COMES_BACK:
            raise
        event.outcome, event.errcode = _outcome_of_other(event, error), error.errcode
    event.code = None


def _withdraw(event: AuthorisationEvent) -> Outcome:
    connection = find_connection(event.account_id)
    if connection is None or not connection.is_authorised or connection.app_id != event.app_id:
        return Outcome.IGNORED
    if connection.authorised_at is not None and connection.authorised_at > event.happened_at:
        return Outcome.IGNORED  # told late: the account has authorised us anew since
    withdraw_authorisation(connection, moment=event.happened_at)
    return Outcome.WITHDRAWN


def _authorise(event: AuthorisationEvent) -> Outcome:
    account = _account_of(event)
    if account is None:
        return Outcome.ARCHIVED
    connection = find_connection(account.id)
    connected_to = connection.app_id or "" if connection is not None else ""
    app_id = _redeemed(event, connected_to)
    if connected_to not in ("", app_id):
        return Outcome.OTHER_ACCOUNT
    authorizer = read_authorizer(app_id)
    if authorizer.is_mini_program:
        return Outcome.MINI_PROGRAM
    try:
        connect_authorised(account, authorizer, moment=event.happened_at)
    except AppIdTaken:
        return Outcome.TAKEN
    return Outcome.CONNECTED


def _account_of(event: AuthorisationEvent) -> Account | None:
    try:
        account = access_account(event.account_id)
    except NotFound:
        return None
    return None if account.archived_at is not None else account


def _redeemed(event: AuthorisationEvent, connected_to: str) -> str:
    """The app_id that was scanned; the code is used up then. Raises WeChatError and OtherAtWork."""
    if event.code is None:  # an earlier try came so far
        return event.app_id
    place = Place(event.tenant_id, event.account_id)
    try:
        event.app_id = redeem(place, _code(event), connected_to=connected_to)
    except WeChatError as error:
        if error.errcode not in (CODE_INVALID, CODE_USED):
            raise
        event.app_id = _redeemed_before(event, place, error)
    event.code = None
    checkpoint(1)  # WeChat takes a code once: what fails from here on must find that it was taken
    return event.app_id


def _redeemed_before(event: AuthorisationEvent, place: Place, refused: WeChatError) -> str:
    """A code used up by the other telling of the same scan is no fault.

    Raises what was refused where the code was used up and its answer lost on the way: then the account must be scanned
    again. Raises OtherAtWork.
    """
    other = _other_telling(event)  # before the connection: what this one still waits for can't be missed there
    app_id = event.app_id or _just_connected(event)
    if app_id and has_tokens(place, app_id):
        # What is kept may be an older authorisation's, which this scan has ended: only WeChat can tell.
        renew(place, app_id)
        return app_id
    if other is not None and other.outcome == Outcome.OPEN and clock.now() < event.received_at + AT_THE_SAME_TIME:
        raise OtherAtWork
    raise refused


def _just_connected(event: AuthorisationEvent) -> str:
    """The app_id that another worker may have connected since."""
    connection = db.session.get(Connection, (event.tenant_id, event.account_id), populate_existing=True)
    made = connection.authorised_at if connection is not None else None
    is_just_made = made is not None and made > event.happened_at - SAME_SCAN
    return connection.app_id or "" if connection is not None and is_just_made else ""


def _other_telling(event: AuthorisationEvent) -> AuthorisationEvent | None:
    """What WeChat itself has told of the scan from which a browser came back."""
    if event.kind != ChangeKind.RETURNED:
        return None
    query = select(AuthorisationEvent).where(
        AuthorisationEvent.account_id == event.account_id,
        AuthorisationEvent.kind.in_((ChangeKind.AUTHORIZED, ChangeKind.UPDATED)),
        AuthorisationEvent.received_at > event.received_at - AT_THE_SAME_TIME,
    )
    newest = query.order_by(AuthorisationEvent.received_at.desc()).limit(1)
    return db.session.scalars(newest.execution_options(populate_existing=True)).first()


def _outcome_of_other(event: AuthorisationEvent, refused: WeChatError) -> Outcome:
    """Why a scan did not connect, where the other telling of it has used the code and so learned it."""
    other = _other_telling(event) if refused.errcode == CODE_USED else None
    return Outcome(other.outcome) if other is not None and other.outcome in NOT_HERE else Outcome.REFUSED


def _code(event: AuthorisationEvent) -> str:
    return box_of(event.tenant_id).open(event.code or b"", _context(event.id)).decode()


def _box_seal(event_id: UUID, code: str) -> bytes:
    return box_of(current_scope().tenant.id).seal(code.encode(), _context(event_id))


def _context(event_id: UUID) -> str:
    return f"authorisation_events|{event_id}|code"
