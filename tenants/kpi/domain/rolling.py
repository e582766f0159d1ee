"""Adding figures up a tree: own, subtree and coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from flask_babel import LazyString

from tenants.kpi.domain.kinds import COLUMNS
from tenants.kpi.domain.metrics import COUNTED, METRICS, NOT_CONNECTED
from tenants.kpi.domain.trees import Tree

Figures = Mapping[str, int | None]
Stored = tuple[int, ...]
"""The stored columns in the order of COLUMNS, then all followers at the period's end."""

STORED = (*COLUMNS, "followers_total")
NOTHING: Stored = (0,) * len(STORED)
UNKNOWN: dict[str, int | None] = {metric.name: None for metric in METRICS}
REASONS: Mapping[str, LazyString] = {metric.name: metric.reason for metric in METRICS if metric.reason is not None}
UNCOUNTED: Mapping[str, LazyString] = {metric.name: metric.reason or NOT_CONNECTED for metric in METRICS}


@dataclass(slots=True)
class Sum:
    """What a node's subtree adds up to, and over how many nodes."""

    stored: list[int]
    counted: int
    nodes: int

    def add(self, below: Sum) -> None:
        """Takes the sum of a node below in."""
        self.stored = [mine + theirs for mine, theirs in zip(self.stored, below.stored, strict=True)]
        self.counted += below.counted
        self.nodes += below.nodes


@dataclass(frozen=True, slots=True)
class Rolled:
    """A node's figures of a period: its own, those of its subtree, and over how many nodes these are known."""

    own: Figures
    subtree: Figures
    counted: int
    nodes: int

    def without(self, name: str) -> Rolled:
        """The same with one figure unknown."""
        return replace(self, own={**self.own, name: None}, subtree={**self.subtree, name: None})

    @property
    def coverage(self) -> dict[str, tuple[int, int]]:
        """For each metric: nodes counted, nodes."""
        known = {metric.name for metric in COUNTED}
        return {metric.name: (self.counted if metric.name in known else 0, self.nodes) for metric in METRICS}

    @property
    def missing(self) -> Mapping[str, LazyString]:
        """The reason for each figure that is null."""
        unknown = any(figures["interactions"] is None for figures in (self.own, self.subtree))
        return UNCOUNTED if unknown else REASONS


def figures_of(stored: Stored | list[int]) -> Figures:
    """All metrics by name, from the stored columns."""
    values = UNKNOWN.copy()
    values.update(zip(STORED, stored, strict=True))
    values["followers_net"] = stored[0] - stored[1]
    return values


def roll_up(tree: Tree, own: Mapping[UUID, Stored], counted: frozenset[UUID]) -> dict[UUID, Sum]:
    """Adds every node's figures to all above it."""
    sums = {node: _single(own.get(node, NOTHING), int(node in counted)) for node in tree.parents}
    for node, _depth in reversed(tree.order):
        parent = sums.get(tree.parents[node])  # type: ignore[arg-type]
        if parent is not None:
            parent.add(sums[node])
    return sums


def rolled(stored: Stored, total: Sum, *, is_counted: bool) -> Rolled:
    """One node's figures out of those added up."""
    own = figures_of(stored) if is_counted else UNKNOWN
    if total.nodes == 1:
        return Rolled(own, own, total.counted, 1)
    return Rolled(own, figures_of(total.stored) if total.counted else UNKNOWN, total.counted, total.nodes)


def _single(stored: Stored, counted: int) -> Sum:
    return Sum(list(stored if counted else NOTHING), counted, 1)
