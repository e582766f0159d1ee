"""Trees of nodes as they were: order, depth, and who stood below whom in which month.

Each distinct tree is put together once: a page asks for the trees of twelve months, and they are mostly the same one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol
from uuid import UUID

from tenants.kpi.domain.periods import last_day, months_between

Parents = Mapping[UUID, UUID | None]
Sort = Callable[[UUID], tuple[str, UUID]]


class Span(Protocol):
    """Where a node hung from one day (included) to another (not included; None: until today)."""

    @property
    def node_id(self) -> UUID:
        """The node."""

    @property
    def parent_id(self) -> UUID | None:
        """What it hung on."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The day after the last."""

    def holds(self, day: date) -> bool:
        """Whether the node hung there on a day."""


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """A node belonged to a subtree from one month to another, both included."""

    node_id: UUID
    first: date
    last: date


class Tree:
    """One tree; a node whose parent isn't in it stands at the top."""

    def __init__(self, parents: Parents, sort: Sort) -> None:
        self.parents, self._sort = parents, sort
        self.below: dict[UUID | None, list[UUID]] = {}
        for node, parent in parents.items():
            self.below.setdefault(parent if parent in parents else None, []).append(node)

    @cached_property
    def order(self) -> Sequence[tuple[UUID, int]]:
        """Nodes with their depth, each before those below it, siblings by the sort."""
        ordered: list[tuple[UUID, int]] = []
        waiting = [(node, 0) for node in sorted(self.below.get(None, ()), key=self._sort, reverse=True)]
        while waiting:
            node, depth = waiting.pop()
            ordered.append((node, depth))
            children = self.below.get(node)
            if children:
                waiting.extend((child, depth + 1) for child in sorted(children, key=self._sort, reverse=True))
        return ordered

    def subtree(self, top: UUID) -> frozenset[UUID]:
        """A node and all below it; empty when it isn't in the tree."""
        found: list[UUID] = []
        waiting = [top] if top in self.parents else []
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting.extend(self.below.get(node, ()))
        return frozenset(found)


class Forest:
    """The trees of all days."""

    def __init__(self, spans: Sequence[Span], sort: Sort) -> None:
        self._spans, self._sort = spans, sort
        changes = {span.valid_from for span in spans} | {span.valid_to for span in spans if span.valid_to is not None}
        self._changes = sorted(changes)
        self._trees: dict[int, Tree] = {}

    def on(self, day: date) -> Tree:
        """The tree of a day; the same object for all days between two changes."""
        era = bisect_right(self._changes, day)
        if era not in self._trees:
            parents = {span.node_id: span.parent_id for span in self._spans if span.holds(day)}
            self._trees[era] = Tree(parents, self._sort)
        return self._trees[era]

    def month_spans(self, top: UUID, *, first: date, last: date) -> list[MonthSpan]:
        """Which nodes belonged to a subtree in which months, judged by each month's last day."""
        found: list[MonthSpan] = []
        since = before = first
        tree = self.on(last_day(first))
        for month in months_between(first, last):
            present = self.on(last_day(month))
            if present is not tree:
                found += [MonthSpan(node, since, before) for node in tree.subtree(top)]
                tree, since = present, month
            before = month
        return found + [MonthSpan(node, since, last) for node in tree.subtree(top)]
