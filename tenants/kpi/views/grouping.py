"""Which lines the month's table has, and in which order: groups below their subtotals, or accounts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tenants.kpi.domain.columns import BY_NAME
from tenants.kpi.domain.rolling import Figures
from tenants.kpi.services.monthly import NodeMonth
from tenants.kpi.views.asked import Asked

Children = Mapping[UUID | None, Sequence[NodeMonth]]
Order = Callable[[Sequence[NodeMonth]], Sequence[NodeMonth]]


@dataclass(frozen=True, slots=True)
class Line:
    """A node's subtree (a subtotal where something is below it), or what is its own."""

    node: NodeMonth
    depth: int
    is_subtotal: bool = False
    is_own: bool = False

    @property
    def figures(self) -> Figures:
        """What the line shows."""
        return self.node.figures.own if self.is_own else self.node.figures.subtree


def lines_of(months: Sequence[NodeMonth], asked: Asked) -> list[Line]:
    """The lines in the order asked for; unknown values stand last whichever way."""
    if not months:
        return []
    if asked.is_flat:
        return _flat(months, asked)
    known = {one.line.id for one in months}
    children: dict[UUID | None, list[NodeMonth]] = {}
    for one in months:
        parent = one.parent_id if one.parent_id in known else None
        children.setdefault(parent, []).append(one)
    return list(_grouped(children.get(None, []), children, _order(asked), 0))


def _flat(months: Sequence[NodeMonth], asked: Asked) -> list[Line]:
    lines = [Line(one, 0, is_own=True) for one in months if one.figures.own["interactions"] is not None]
    return sorted(lines, key=lambda line: _key(asked, line.figures, line.node.line.name))


def _grouped(nodes: Sequence[NodeMonth], children: Children, order: Order, depth: int) -> Iterator[Line]:
    for node in order(nodes):
        below = children.get(node.line.id, ())
        yield Line(node, depth, is_subtotal=bool(below))
        if below and node.line.is_connected:
            yield Line(node, depth + 1, is_own=True)
        yield from _grouped(below, children, order, depth + 1)


def _order(asked: Asked) -> Order:
    def by_value(nodes: Sequence[NodeMonth]) -> Sequence[NodeMonth]:
        return sorted(nodes, key=lambda node: _key(asked, node.figures.subtree, node.line.name))

    return by_value


def _key(asked: Asked, figures: Figures, name: str) -> tuple[bool, float, str]:
    column = BY_NAME.get(asked.sort)
    value = column.value(figures) if column else 0
    if value is None:
        return True, 0, name
    return False, -value if asked.descending else value, name
