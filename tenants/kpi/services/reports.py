"""What a page of figures shows, put together in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask_babel import LazyString

from saas import clock
from saas.tenancy.scope import current_scope
from tenants.kpi.domain.columns import BY_NAME, Column
from tenants.kpi.domain.finding import year_finding
from tenants.kpi.domain.metrics import NOT_CONNECTED
from tenants.kpi.domain.periods import add_months, last_day, month_of
from tenants.kpi.services.daily import DayTotal, list_day_totals
from tenants.kpi.services.monthly import Brand, NodeMonth, list_months_until, list_two_months, read_brand
from tenants.kpi.services.yearly import list_year

YOUNG = 3
"""Until the third day of a month its page would be all but empty: the month before is shown first."""


@dataclass(frozen=True, slots=True)
class Period:
    """The month shown. `present` is the month that is not over; `day` is today when that is the one shown."""

    month: date
    present: date
    day: date | None

    @property
    def is_running(self) -> bool:
        """Whether the month shown is not over."""
        return self.day is not None


KEY_FIGURES = (
    "followers_total",
    "followers_net",
    "interactions",
    "fans_interacting",
    "replies_robot",
    "messages_unanswered",
)


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the large figures over the table."""

    column: Column
    value: float | None
    before: float | None
    reason: LazyString


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A month of a node and all below it, with the figures it is compared with and the year of one metric.

    A running month is compared with the same days of the month before.
    """

    period: Period
    months: Sequence[NodeMonth]
    before: Mapping[UUID, NodeMonth]
    metric: Column
    year: Sequence[tuple[date, int | None]]

    @property
    def top(self) -> NodeMonth | None:
        """The picked node; None when it stood nowhere in that month."""
        return self.months[0] if self.months else None

    @property
    def finding(self) -> str:
        """What the year of the metric says."""
        return year_finding(str(self.metric.label), self.year, present=self.period.present)

    @property
    def key_figures(self) -> list[KeyFigure]:
        """The large figures of the picked node and all below it."""
        if self.top is None:
            return []
        figures, past = self.top.figures.subtree, self.before.get(self.top.line.id)
        return [
            KeyFigure(
                column=column,
                value=column.value(figures),
                before=column.value(past.figures.subtree) if past else None,
                reason=column.reason or NOT_CONNECTED,
            )
            for column in (BY_NAME[name] for name in KEY_FIGURES)
        ]


def shown_period(month: date | None) -> Period:
    """The month asked for, or the present one; in its first days the one before."""
    today = clock.today(current_scope().tenant.time_zone)
    present = month_of(today)
    if month is None:
        month = present if today.day > YOUNG else add_months(present, -1)
    return Period(month, present, today if month == present else None)


def month_report(account_id: UUID, period: Period, *, metric: str) -> MonthReport:
    """Everything that the page of a month shows of a node and all below it."""
    brand = read_brand()
    months, before = _compared(brand, period, account_id)
    year = list_year(metric, brand.forest, top=account_id, last=period.month)
    return MonthReport(period, months, {one.line.id: one for one in before}, BY_NAME[metric], year)


def days_report(account_id: UUID, period: Period) -> list[DayTotal]:
    """The days of a node and all below it, up to today."""
    brand = read_brand()
    nodes = brand.forest.on(last_day(period.month)).subtree(account_id)
    return list_day_totals(nodes, first=period.month, last=period.day or last_day(period.month))


def _compared(brand: Brand, period: Period, top: UUID) -> tuple[list[NodeMonth], list[NodeMonth]]:
    months, before = list_two_months(brand, period.month, top=top)
    if period.day is None:
        return months, before
    month = add_months(period.month, -1)
    until = min(month + timedelta(days=period.day.day - 1), last_day(month))
    return months, list_months_until(brand, until, top=top)
