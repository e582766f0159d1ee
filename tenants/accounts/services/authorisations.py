"""Comparing with WeChat what is kept of authorisations: an event told while we were away is never told again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from saas import clock
from saas.db import db
from saas.jobs.models import JobRow
from saas.jobs.plan import plan_job
from saas.jobs.progress import checkpoint
from saas.wechat import versions
from saas.wechat.component.api import Authorizer
from saas.wechat.component.errors import NOT_AUTHORISED, NOT_RENEWABLE
from saas.wechat.component.links import Place
from saas.wechat.component.plug import present_component
from saas.wechat.component.scans import read_authorizer, renew
from saas.wechat.errors import WeChatError
from tenants.accounts.domain import StepState
from tenants.accounts.models import Account, AuthorisationEvent, Connection
from tenants.accounts.services.connections import describe_connection, find_connection, withdraw_authorisation

CHECK_JOB = "accounts.check_authorisation"
ENDED = frozenset({NOT_AUTHORISED, NOT_RENEWABLE})
"""WeChat's words to whoever calls for an account that authorises us no more."""
PAUSE = timedelta(minutes=10)


def plan_checks() -> None:
    """Plans the comparing of every authorised account in use."""
    if present_component() is None:
        return
    query = select(Connection.id).join(
        Account, (Account.tenant_id == Connection.tenant_id) & (Account.id == Connection.id)
    )
    authorised = query.where(Connection.connection == "component", Connection.unauthorised_at.is_(None))
    for account_id in db.session.scalars(authorised.where(Account.archived_at.is_(None))):
        plan_job(CHECK_JOB, account_id=str(account_id))


def doubt_authorisation(account_id: UUID) -> None:
    """Plans the comparing of one account, of which WeChat has just said that it authorises us no more."""
    asked = select(JobRow.id).where(
        JobRow.name == CHECK_JOB,
        JobRow.arguments["account_id"].astext == str(account_id),
        JobRow.created_at > func.now() - PAUSE,
    )
    if db.session.scalar(asked.limit(1)) is None:
        plan_job(CHECK_JOB, account_id=str(account_id))


def check_authorisation(account_id: UUID) -> None:
    """Notes what WeChat says of an authorised account: that it has withdrawn, or what it is and grants now.

    Raises WeChatError where WeChat can't say just now.
    """
    connection = find_connection(account_id)
    if connection is None or not connection.is_authorised or connection.is_withdrawn:
        return
    authorised_at = connection.authorised_at
    checkpoint(0)  # no transaction stays open while WeChat thinks
    authorizer, ended = _ask(connection)
    if _has_news(connection) or connection.authorised_at != authorised_at:
        return
    if ended == NOT_AUTHORISED:
        withdraw_authorisation(connection, moment=clock.now())
        return
    _note_token(connection, ended)
    if authorizer is not None:
        _note_facts(connection, authorizer)


def _ask(connection: Connection) -> tuple[Authorizer | None, int | None]:
    """The account as WeChat describes it; beside it, the number by which WeChat renews our token no more."""
    authorizer, app_id = None, connection.app_id or ""
    try:
        authorizer = read_authorizer(app_id)
        renew(Place(connection.tenant_id, connection.id), app_id)
    except WeChatError as error:
        if error.errcode not in ENDED:
            raise
        return authorizer, error.errcode
    return authorizer, None


def _has_news(connection: Connection) -> bool:
    """Whether something is heard of the account just now, which knows better; reads the connection anew, and holds it."""
    query = select(AuthorisationEvent.id).where(
        AuthorisationEvent.account_id == connection.id, AuthorisationEvent.outcome == ""
    )
    is_open = db.session.scalar(query.limit(1)) is not None
    db.session.refresh(connection, with_for_update=True)
    return is_open or not connection.is_authorised or connection.is_withdrawn


def _note_token(connection: Connection, ended: int | None) -> None:
    kept = connection.health.get("token", {})
    if ended is not None:
        found = {"state": StepState.FAILED.value, "reason": str(ended)}
    elif kept.get("reason") in {str(code) for code in ENDED}:
        found = {"state": StepState.OK.value, "reason": "renewed"}
    else:
        return
    connection.health = {**connection.health, "token": found}


def _note_facts(connection: Connection, authorizer: Authorizer) -> None:
    describe_connection(connection, authorizer)
    if db.session.is_modified(connection):
        db.session.flush()  # the version row is written by a statement, after the connection
        versions.bump([connection.id])
