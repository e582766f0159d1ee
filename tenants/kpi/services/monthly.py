"""The month of every node: its own figures and those of all below it on the month's last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from saas import clock
from saas.db import db
from saas.tenancy.scope import current_scope
from tenants.accounts.services.lines import NodeLine, NodeSpan, list_lines, list_spans
from tenants.kpi.domain.kinds import COLUMNS
from tenants.kpi.domain.periods import add_months, last_day
from tenants.kpi.domain.rolling import Rolled, Stored, roll_up, rolled
from tenants.kpi.domain.trees import in_order, parents_on, subtree

_MONTHS = text(f"""
SELECT node_id, {", ".join(f"sum({c}) FILTER (WHERE month = :month)::integer AS {c}" for c in COLUMNS)},
    sum(followers_new - followers_lost + followers_adjusted)::integer AS followers_total
FROM kpi_months WHERE tenant_id = app_tenant() AND month <= :month GROUP BY node_id
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
    depth: int
    month: date
    figures: Rolled


def read_brand() -> Brand:
    """The nodes of the brand and where each ever hung."""
    return Brand(list_lines(), list_spans())


def list_months(brand: Brand, month: date, *, top: UUID | None = None) -> list[NodeMonth]:
    """The month of each node that the scope sees (at or below `top`), in the order of that month's tree."""
    lines, scope = brand.lines, current_scope()
    parents = parents_on(brand.spans, last_day(month))
    wanted = subtree(parents, top) if top is not None else parents.keys()
    own = _own(month)
    counted = _counted(lines, own, last_day(month))
    sums = roll_up(parents, own, counted)
    return [
        NodeMonth(lines[node], depth, month, rolled(node, sums, own, counted))
        for node, depth in in_order(parents, lambda node: (lines[node].name, node))
        if node in wanted and scope.sees(node)
    ]


def list_months_before(brand: Brand, month: date, *, top: UUID | None = None) -> dict[UUID, NodeMonth]:
    """The month before, by node."""
    return {one.line.id: one for one in list_months(brand, add_months(month, -1), top=top)}


def _own(month: date) -> dict[UUID, Stored]:
    rows = db.session.execute(_MONTHS, {"month": month})
    return {row[0]: tuple(value or 0 for value in row[1:]) for row in rows}


def _counted(lines: Mapping[UUID, NodeLine], own: Mapping[UUID, Stored], last: date) -> frozenset[UUID]:
    zone = current_scope().tenant.time_zone
    since = {node: line.counted_since for node, line in lines.items() if line.counted_since is not None}
    return frozenset(own) | {node for node, moment in since.items() if clock.day_of(moment, zone) <= last}
