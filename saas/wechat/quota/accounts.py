"""What may still be called in an account's name today, and what this month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import LazyString, gettext
from sqlalchemy import select

from saas import clock
from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat.quota.limits import CLEAR, CLEARS_A_MONTH, CUSTOM, MASS, MASS_A_DAY, MASS_A_MONTH, TEMPLATE, limit_of
from saas.wechat.quota.models import CallCount
from saas.wechat.quota.words import moment_in_words

BEIJING = ZoneInfo("Asia/Shanghai")
SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class PathQuota:
    """One path on one day of Beijing; `limit` is what a new account has, `is_over` what WeChat has said."""

    path: str
    used: int
    limit: int
    is_over: bool
    until: datetime

    @property
    def left(self) -> int:
        """How many calls more; a large account may make more than this says."""
        return 0 if self.is_over else max(0, self.limit - self.used)

    @property
    def sentence(self) -> LazyString:
        """The same in words."""
        return LazyString(self._in_words)

    def _in_words(self) -> str:
        until = moment_in_words(self.until)
        if self.is_over:
            return gettext("WeChat takes no more of these calls until %(until)s.", until=until)
        return gettext(
            "%(used)s of %(limit)s calls made; they count anew at %(until)s.",
            used=self.used,
            limit=self.limit,
            until=until,
        )


@dataclass(frozen=True, slots=True)
class MassQuota:
    """Mass sends of a day and a month, also those made on WeChat's own site, by WeChat's reports of their ends: one that
    has not finished yet isn't counted. A service account may send more, but no fan gets more than `a_month`.
    """

    today: int
    this_month: int
    a_day: int | None
    a_month: int | None

    @property
    def may_send(self) -> bool:
        """Whether WeChat would take one more today."""
        return self.a_day is None or self.today < self.a_day

    @property
    def sentence(self) -> LazyString:
        """The same in words."""
        return LazyString(self._in_words)

    def _in_words(self) -> str:
        if self.a_day is not None:
            if self.may_send:
                return gettext("One mass send may go out today.")
            return gettext("Today's mass send has gone out; the next may go tomorrow.")
        left = max(0, (self.a_month or 0) - self.this_month)
        return gettext("A fan who got every mass send of this month may get %(left)s more.", left=left)


@dataclass(frozen=True, slots=True)
class AccountQuota:
    """What an account may still do."""

    calls: tuple[PathQuota, ...]
    mass: MassQuota
    clears_left: int

    def of(self, path: str) -> PathQuota:
        """One path, also one that was not called today."""
        found = [one for one in self.calls if one.path == path]
        return found[0] if found else PathQuota(path, 0, limit_of(path), is_over=False, until=_midnight())


def of_account(account_id: UUID, *, service_type: str = "service") -> AccountQuota:
    """What may still be called today and sent this month, as far as this deployment has called; other programs' calls
    for the same account are unknown until WeChat refuses one of ours.
    """
    today = _today()
    rows = _month(account_id, today)
    calls = {row.path: row for row in rows if row.day == today and not _is_apart(row)}
    paths = sorted({CUSTOM, TEMPLATE, *calls})
    return AccountQuota(
        calls=tuple(_path_quota(path, calls.get(path)) for path in paths),
        mass=_mass_quota([row for row in rows if row.path.startswith(MASS)], today, service_type),
        clears_left=_clears_left([row for row in rows if row.path == CLEAR]),
    )


def _month(account_id: UUID, today: date) -> list[CallCount]:
    query = select(CallCount).where(
        CallCount.tenant_id == current_scope().tenant.id,
        CallCount.account_id == account_id,
        CallCount.day >= today.replace(day=1),
        (CallCount.day == today) | (CallCount.path == CLEAR) | CallCount.path.startswith(MASS, autoescape=True),
    )
    return list(db.session.scalars(query))


def _is_apart(row: CallCount) -> bool:
    return row.path == CLEAR or row.path.startswith(MASS)


def _path_quota(path: str, row: CallCount | None) -> PathQuota:
    used, is_over = (0, False) if row is None else (row.used, row.is_over)
    return PathQuota(path, used, limit_of(path), is_over=is_over, until=_midnight())


def _mass_quota(rows: list[CallCount], today: date, service_type: str) -> MassQuota:
    is_daily = service_type == SUBSCRIPTION
    return MassQuota(
        today=sum(row.used for row in rows if row.day == today),
        this_month=sum(row.used for row in rows),
        a_day=MASS_A_DAY if is_daily else None,
        a_month=None if is_daily else MASS_A_MONTH,
    )


def _clears_left(rows: list[CallCount]) -> int:
    return 0 if any(row.is_over for row in rows) else max(0, CLEARS_A_MONTH - sum(row.used for row in rows))


def _today() -> date:
    return clock.now().astimezone(BEIJING).date()


def _midnight() -> datetime:
    return datetime.combine(_today() + timedelta(days=1), time(), BEIJING)
