"""What may still be sent and called in an account's name, and clearing the day's counters at WeChat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from saas.db import db
from saas.errors import AppError, Conflict
from saas.jobs.models import JobRow
from saas.jobs.plan import plan_job
from saas.jobs.progress import checkpoint
from saas.tenancy.scope import current_scope
from saas.wechat.errors import WeChatError
from saas.wechat.quota import AccountQuota, PathQuota, of_account
from saas.wechat.quota.limits import CLEAR, CUSTOM, TEMPLATE
from saas.wechat.quota.models import CallCount
from tenants.accounts.errors import NoClearsLeft
from tenants.accounts.models import Connection
from tenants.accounts.services.calls import client_of
from tenants.accounts.services.connections import access_connection

CLEAR_JOB = "accounts.clear_quota"
UNFINISHED = ("planned", "running")
ALWAYS = (CUSTOM, TEMPLATE)


class ClearingRefused(RuntimeError):
    """WeChat has certainly not cleared the counters."""


@dataclass(frozen=True, slots=True)
class Clearing:
    """The last time that somebody had the counters cleared, and what became of it: the state of its job and its error."""

    state: str
    error: str
    asked_at: datetime

    @property
    def is_running(self) -> bool:
        """Whether WeChat has not answered yet."""
        return self.state in UNFINISHED

    @property
    def is_refused(self) -> bool:
        """Whether the counters stand. One that failed otherwise was cut: nobody knows."""
        return self.error == ClearingRefused.__name__


@dataclass(frozen=True, slots=True)
class Limits:
    """The quota of an account, the calls worth a line, and the last clearing of this month."""

    quota: AccountQuota
    calls: Sequence[PathQuota]
    clearing: Clearing | None


def limits_of(connection: Connection) -> Limits:
    """What the account may still do today: messages always, other calls once they were made."""
    quota = of_account(connection.id, service_type=connection.service_type or "")
    calls = [one for one in quota.calls if one.used or one.is_over or one.path in ALWAYS]
    return Limits(quota, calls, _last_clearing(connection.id))


def clear_counters(account_id: UUID) -> None:
    """Has WeChat forget the day's calls. Raises NotConnected, NoClearsLeft, and Conflict while one is under way."""
    limits = limits_of(access_connection(account_id))
    if not limits.quota.clears_left:
        raise NoClearsLeft
    if limits.clearing is not None and limits.clearing.is_running:
        raise Conflict
    plan_job(CLEAR_JOB, account_id=str(account_id))


def clear_at_wechat(account_id: UUID) -> None:
    """Does what was planned. Raises ClearingRefused, and WeChatError where it may have worked all the same.

    Of what WeChat takes no more nobody knows from here on, also if this process dies: WeChat says so again itself.
    """
    over = _refused(account_id)
    _mark(over, is_over=False)
    checkpoint(0)
    try:
        client_of(account_id).clear_quota()
    except AppError as error:
        if isinstance(error, WeChatError) and error.in_flight:
            raise
        _mark(over, is_over=True)
        checkpoint(1)
        raise ClearingRefused from error


def _refused(account_id: UUID) -> Sequence[CallCount]:
    query = select(CallCount).where(
        CallCount.tenant_id == current_scope().tenant.id, CallCount.account_id == account_id
    )
    return db.session.scalars(query.where(CallCount.path != CLEAR, CallCount.is_over)).all()


def _mark(rows: Sequence[CallCount], *, is_over: bool) -> None:
    """How often we called stays: that is known."""
    for row in rows:
        row.is_over = is_over


def _last_clearing(account_id: UUID) -> Clearing | None:
    query = select(JobRow.state, JobRow.error, JobRow.created_at).where(
        JobRow.name == CLEAR_JOB, JobRow.arguments["account_id"].astext == str(account_id)
    )
    found = db.session.execute(query.order_by(JobRow.created_at.desc()).limit(1)).one_or_none()
    return None if found is None else Clearing(*found)
