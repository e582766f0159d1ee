"""The month of every node: its own figures and those of all below it on the month's last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import current_scope
from tenants.accounts.services.lines import NodeLine, list_lines, list_spans
from tenants.kpi.domain.kinds import COLUMNS, DISTINCT
from tenants.kpi.domain.periods import add_months, last_day, month_of
from tenants.kpi.domain.rolling import NOTHING, Rolled, Stored, roll_up, rolled
from tenants.kpi.domain.trees import Forest

WIDTH = len(COLUMNS) + 1
_CHANGE = "followers_new - followers_lost + followers_adjusted"
_MONTHS = text(f"""
SELECT node_id,
    {", ".join(f"sum({c}) FILTER (WHERE month = :month)::integer" for c in COLUMNS)}, sum({_CHANGE})::integer,
    {", ".join(f"sum({c}) FILTER (WHERE month = :before)::integer" for c in COLUMNS)},
    sum({_CHANGE}) FILTER (WHERE month <= :before)::integer, min(month) <= :before
FROM kpi_months WHERE tenant_id = app_tenant() AND month <= :month GROUP BY node_id
""")
# Distinct fans of some days are no sum of days, and nobody asks for them often enough to keep them.
_UNTIL = text(f"""
SELECT node_id, {", ".join(f"sum({c}) FILTER (WHERE day >= :month)::integer AS {c}" for c in COLUMNS)},
    sum({_CHANGE})::integer AS followers_total
FROM (
    SELECT node_id, day, {", ".join(COLUMNS)} FROM kpi_days
    WHERE tenant_id = app_tenant() AND day BETWEEN :month AND :until
    UNION ALL
    SELECT node_id, month, {", ".join(COLUMNS)} FROM kpi_months WHERE tenant_id = app_tenant() AND month < :month
) AS both_kinds GROUP BY node_id
""")


@dataclass(frozen=True, slots=True)
class Brand:
    """The tree of a brand, read once for a request."""

    lines: Mapping[UUID, NodeLine]
    forest: Forest


@dataclass(frozen=True, slots=True)
class NodeMonth:
    """One node's month in its place of the tree."""

    line: NodeLine
    parent_id: UUID | None
    depth: int
    month: date
    figures: Rolled


def read_brand() -> Brand:
    """The nodes of the brand and where each ever hung."""
    lines = list_lines()
    return Brand(lines, Forest(list_spans(), lambda node: (lines[node].name, node)))


def list_months(brand: Brand, month: date, *, top: UUID | None = None) -> list[NodeMonth]:
    """The month of each node that the scope sees (at or below `top`), in the order of that month's tree."""
    return list_two_months(brand, month, top=top)[0]


def list_two_months(brand: Brand, month: date, *, top: UUID | None = None) -> tuple[list[NodeMonth], list[NodeMonth]]:
    """A month and the one before, in one reading."""
    before, own, past = add_months(month, -1), {}, {}
    for row in db.session.execute(_MONTHS, {"month": month, "before": before}):
        own[row[0]] = _whole(row[1 : WIDTH + 1])
        if row[-1]:
            past[row[0]] = _whole(row[WIDTH + 1 : -1])
    return _rolled(brand, month, own, top=top), _rolled(brand, before, past, top=top)


def list_months_until(brand: Brand, day: date, *, top: UUID | None = None) -> list[NodeMonth]:
    """The same of a month's days up to one of them; distinct fans of part of a month are unknown."""
    month = month_of(day)
    rows = db.session.execute(_UNTIL, {"month": month, "until": day})
    months = _rolled(brand, month, {row[0]: _whole(row[1:]) for row in rows}, top=top)
    return [replace(one, figures=one.figures.without(DISTINCT)) for one in months]


def _rolled(brand: Brand, month: date, own: Mapping[UUID, Stored], *, top: UUID | None) -> list[NodeMonth]:
    lines, scope, tree = brand.lines, current_scope(), brand.forest.on(last_day(month))
    wanted = tree.subtree(top) if top is not None else tree.parents.keys()
    counted = _counted(lines, own, last_day(month))
    sums = roll_up(tree, own, counted)
    return [
        NodeMonth(
            line=lines[node],
            parent_id=tree.parents[node],
            depth=depth,
            month=month,
            figures=rolled(own.get(node, NOTHING), sums[node], is_counted=node in counted),
        )
        for node, depth in tree.order
        if node in wanted and scope.sees(node)
    ]


def _whole(values: Sequence[int | None]) -> Stored:
    return tuple([value or 0 for value in values])


def _counted(lines: Mapping[UUID, NodeLine], own: Mapping[UUID, Stored], last: date) -> frozenset[UUID]:
    zone = ZoneInfo(current_scope().tenant.time_zone)
    over = datetime.combine(last + timedelta(days=1), time.min, zone)
    since = (node for node, line in lines.items() if line.counted_since is not None and line.counted_since < over)
    return frozenset(own) | frozenset(since)
