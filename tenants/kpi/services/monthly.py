"""The month of every node: its own figures and those of all below it on the month's last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import TextClause, text

from saas import clock
from saas.db import db
from saas.tenancy.scope import current_scope
from tenants.accounts.services.lines import NodeLine, NodeSpan, list_lines, list_spans
from tenants.kpi.domain.kinds import COLUMNS, DISTINCT
from tenants.kpi.domain.periods import last_day, month_of
from tenants.kpi.domain.rolling import Rolled, Stored, roll_up, rolled
from tenants.kpi.domain.trees import in_order, parents_on, subtree

_MONTHS = text(f"""
SELECT node_id, {", ".join(f"sum({c}) FILTER (WHERE month = :month)::integer AS {c}" for c in COLUMNS)},
    sum(followers_new - followers_lost + followers_adjusted)::integer AS followers_total
FROM kpi_months WHERE tenant_id = app_tenant() AND month <= :month GROUP BY node_id
""")
# Distinct fans of some days are no sum of days, and nobody asks for them often enough to keep them.
_UNTIL = text(f"""
SELECT node_id, {", ".join(f"sum({c}) FILTER (WHERE day >= :month)::integer AS {c}" for c in COLUMNS)},
    sum(followers_new - followers_lost + followers_adjusted)::integer AS followers_total
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
    spans: Sequence[NodeSpan]


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
    return Brand(list_lines(), list_spans())


def list_months(brand: Brand, month: date, *, top: UUID | None = None) -> list[NodeMonth]:
    """The month of each node that the scope sees (at or below `top`), in the order of that month's tree."""
    return _rolled(brand, month, _stored(_MONTHS, {"month": month}), top=top)


def list_months_until(brand: Brand, day: date, *, top: UUID | None = None) -> list[NodeMonth]:
    """The same of a month's days up to one of them; distinct fans of part of a month are unknown."""
    month = month_of(day)
    months = _rolled(brand, month, _stored(_UNTIL, {"month": month, "until": day}), top=top)
    return [replace(one, figures=one.figures.without(DISTINCT)) for one in months]


def _rolled(brand: Brand, month: date, own: Mapping[UUID, Stored], *, top: UUID | None) -> list[NodeMonth]:
    lines, scope = brand.lines, current_scope()
    parents = parents_on(brand.spans, last_day(month))
    wanted = subtree(parents, top) if top is not None else parents.keys()
    counted = _counted(lines, own, last_day(month))
    sums = roll_up(parents, own, counted)
    return [
        NodeMonth(lines[node], parents[node], depth, month, rolled(node, sums, own, counted))
        for node, depth in in_order(parents, lambda node: (lines[node].name, node))
        if node in wanted and scope.sees(node)
    ]


def _stored(statement: TextClause, values: Mapping[str, date]) -> dict[UUID, Stored]:
    rows = db.session.execute(statement, values)
    return {row[0]: tuple(value or 0 for value in row[1:]) for row in rows}


def _counted(lines: Mapping[UUID, NodeLine], own: Mapping[UUID, Stored], last: date) -> frozenset[UUID]:
    zone = current_scope().tenant.time_zone
    since = {node: line.counted_since for node, line in lines.items() if line.counted_since is not None}
    return frozenset(own) | {node for node, moment in since.items() if clock.day_of(moment, zone) <= last}
