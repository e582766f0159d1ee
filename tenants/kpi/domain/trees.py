"""Trees of nodes as they were: order, depth, and who stood below whom in which month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from tenants.kpi.domain.periods import last_day, months_between

Parents = Mapping[UUID, UUID | None]


class Span(Protocol):
    """Where a node hung for a time."""

    @property
    def node_id(self) -> UUID: ...
    @property
    def parent_id(self) -> UUID | None: ...
    def holds(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """A node belonged to a subtree from one month to another, both included."""

    node_id: UUID
    first: date
    last: date


def parents_on(spans: Iterable[Span], day: date) -> dict[UUID, UUID | None]:
    """The parent of each node that stood in the tree on a day."""
    return {span.node_id: span.parent_id for span in spans if span.holds(day)}


def in_order(parents: Parents, sort: Callable[[UUID], object]) -> list[tuple[UUID, int]]:
    """Nodes with their depth, each before those below it, siblings by `sort`."""
    below = children_of(parents)
    ordered: list[tuple[UUID, int]] = []
    waiting = [(node, 0) for node in sorted(below.get(None, ()), key=sort, reverse=True)]  # type: ignore[type-var, arg-type]
    while waiting:
        node, depth = waiting.pop()
        ordered.append((node, depth))
        children = sorted(below.get(node, ()), key=sort, reverse=True)  # type: ignore[type-var, arg-type]
        waiting.extend((child, depth + 1) for child in children)
    return ordered


def children_of(parents: Parents) -> dict[UUID | None, list[UUID]]:
    """Who hangs on whom; a node whose parent isn't in the tree stands at the top."""
    below: dict[UUID | None, list[UUID]] = {}
    for node, parent in parents.items():
        below.setdefault(parent if parent in parents else None, []).append(node)
    return below


def subtree(parents: Parents, top: UUID) -> frozenset[UUID]:
    """A node and all below it; empty when it isn't in the tree."""
    below, found = children_of(parents), set[UUID]()
    waiting = [top] if top in parents else []
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(below.get(node, ()))
    return frozenset(found)


def month_spans(spans: Sequence[Span], top: UUID, *, first: date, last: date) -> list[MonthSpan]:
    """Which nodes belonged to a subtree in which months, judged by each month's last day."""
    found: list[MonthSpan] = []
    opened: dict[UUID, date] = {}
    before = first
    for month in months_between(first, last):
        members = subtree(parents_on(spans, last_day(month)), top)
        found += [MonthSpan(node, opened.pop(node), before) for node in list(opened) if node not in members]
        opened.update({node: month for node in members if node not in opened})
        before = month
    return found + [MonthSpan(node, since, last) for node, since in opened.items()]
