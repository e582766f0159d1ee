"""The figures of days."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from saas import clock
from saas.db import db
from saas.errors import Invalid
from saas.tenancy.scope import current_scope
from tenants.accounts.services.lines import NodeLine
from tenants.kpi.domain.kinds import COLUMNS
from tenants.kpi.domain.periods import days_between, month_of
from tenants.kpi.domain.rolling import NOTHING, REASONS, UNCOUNTED, UNKNOWN, Figures, Stored, figures_of

MOST_DAYS = 400
MOST_ROWS = 20_000

_DAYS = text(f"""
SELECT node_id, day, {", ".join(COLUMNS)} FROM kpi_days
WHERE tenant_id = app_tenant() AND node_id = ANY(CAST(:nodes AS uuid[])) AND day BETWEEN :first AND :last
""")
_TOTAL_BEFORE = text("""
SELECT node_id, sum(change)::integer FROM (
    SELECT node_id, followers_new - followers_lost + followers_adjusted AS change FROM kpi_months
    WHERE tenant_id = app_tenant() AND node_id = ANY(CAST(:nodes AS uuid[])) AND month < :month
    UNION ALL
    SELECT node_id, followers_new - followers_lost + followers_adjusted FROM kpi_days
    WHERE tenant_id = app_tenant() AND node_id = ANY(CAST(:nodes AS uuid[])) AND day >= :month AND day < :first
) AS changes GROUP BY node_id
""")


_DAY_TOTALS = text(f"""
SELECT day, {", ".join(f"sum({c})::integer AS {c}" for c in COLUMNS)} FROM kpi_days
WHERE tenant_id = app_tenant() AND node_id = ANY(CAST(:nodes AS uuid[])) AND day BETWEEN :first AND :last GROUP BY day
""")


@dataclass(frozen=True, slots=True)
class DayTotal:
    """The figures of several nodes on one day; distinct fans are distinct per account and then added."""

    day: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class NodeDay:
    """One node's own figures of one day."""

    node_id: UUID
    day: date
    figures: Figures
    missing: Mapping[str, LazyString]


def list_days(lines: Mapping[UUID, NodeLine], nodes: Collection[UUID], *, first: date, last: date) -> list[NodeDay]:
    """Each day of each node, days without anything too. Raises Invalid when that is more than one answer can hold."""
    _check_range(len(nodes), first, last)
    values = {"nodes": list(nodes), "first": first, "last": last, "month": month_of(first)}
    stored = {(row[0], row[1]): tuple(row[2:]) for row in db.session.execute(_DAYS, values)}
    totals: dict[UUID, int] = {row[0]: row[1] for row in db.session.execute(_TOTAL_BEFORE, values)}
    return [
        day
        for node in nodes
        for day in _days_of(lines[node], stored, total=totals.get(node), days=days_between(first, last))
    ]


def list_day_totals(nodes: Collection[UUID], *, first: date, last: date) -> list[DayTotal]:
    """Each day of several nodes together, days without anything too."""
    values = {"nodes": list(nodes), "first": first, "last": last, "month": month_of(first)}
    stored = {row[0]: tuple(row[1:]) for row in db.session.execute(_DAY_TOTALS, values)}
    running, totals = sum(total for _node, total in db.session.execute(_TOTAL_BEFORE, values)), []
    for day in days_between(first, last):
        sums = stored.get(day, NOTHING[:-1])
        running += sums[0] - sums[1] + sums[2]
        totals.append(DayTotal(day, figures_of((*sums, running))))
    return totals


def _days_of(
    line: NodeLine, stored: Mapping[tuple[UUID, date], Stored], *, total: int | None, days: Iterator[date]
) -> Iterator[NodeDay]:
    since = clock.day_of(line.counted_since, current_scope().tenant.time_zone) if line.counted_since else None
    known, running = total is not None, total or 0
    for day in days:
        values = stored.get((line.id, day), NOTHING[:-1])
        known = known or (line.id, day) in stored or (since is not None and since <= day)
        running += values[0] - values[1] + values[2]
        figures = figures_of((*values, running)) if known else UNKNOWN
        yield NodeDay(line.id, day, figures, REASONS if known else UNCOUNTED)


def _check_range(nodes: int, first: date, last: date) -> None:
    days = (last - first).days + 1
    if days < 1:
        raise Invalid({"to": [_l("The last day lies before the first.")]})
    if days > MOST_DAYS or days * nodes > MOST_ROWS:
        raise Invalid({"from": [_l("That is too much at once. Ask for fewer days or a smaller part of the tree.")]})
