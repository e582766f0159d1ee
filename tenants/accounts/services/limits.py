"""What may still be sent and called in an account's name, and clearing the day's counters at WeChat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from saas.db import db
from saas.errors import Conflict
from saas.jobs.models import JobRow
from saas.jobs.plan import plan_job
from saas.wechat.quota import AccountQuota, PathQuota, of_account
from saas.wechat.quota.limits import CUSTOM, TEMPLATE
from tenants.accounts.errors import NoClearsLeft
from tenants.accounts.models import Connection
from tenants.accounts.services.connections import access_connection

CLEAR_JOB = "accounts.clear_quota"
UNFINISHED = ("planned", "running")
ALWAYS = (CUSTOM, TEMPLATE)


@dataclass(frozen=True, slots=True)
class Clearing:
    """The last time that somebody had the counters cleared, and what became of it: the state of its job."""

    state: str
    asked_at: datetime

    @property
    def is_running(self) -> bool:
        """Whether WeChat has not answered yet."""
        return self.state in UNFINISHED


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


def _last_clearing(account_id: UUID) -> Clearing | None:
    query = select(JobRow.state, JobRow.created_at).where(
        JobRow.name == CLEAR_JOB, JobRow.arguments["account_id"].astext == str(account_id)
    )
    found = db.session.execute(query.order_by(JobRow.created_at.desc()).limit(1)).one_or_none()
    return None if found is None else Clearing(*found)
