"""The tree without a database: which kind stands below which, and nodes in the order of the tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


class Kind(StrEnum):
    """总部号, 区域号, 门店号."""

    CENTRAL = "central"
    REGION = "region"
    STORE = "store"


PARENTS: Mapping[Kind, frozenset[Kind]] = {
    Kind.CENTRAL: frozenset(),
    Kind.REGION: frozenset({Kind.CENTRAL, Kind.REGION}),
    Kind.STORE: frozenset({Kind.CENTRAL, Kind.REGION}),
}

# A fact may be dated up to seven days before it arrived; it too must find its node in the tree.
EARLIEST_FACT = timedelta(days=7)


class StepState(StrEnum):
    """How a step of the self-test went; waiting: nobody can know yet."""

    OK = "ok"
    FAILED = "failed"
    WAITING = "waiting"


@dataclass(frozen=True)
class Step:
    """One step of the self-test: callback, token or message. `reason` is a word or WeChat's errcode."""

    name: str
    state: StepState
    reason: str = ""


class Condition(StrEnum):
    """How a node's connection is, at a glance."""

    NONE = "none"
    UNTESTED = "untested"
    TROUBLE = "trouble"
    SILENT = "silent"
    WELL = "well"


# 失联: so long without a single callback means that something is broken, in a brand's account.
SILENT_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Placed:
    """A node (anything with id, name and parent_id) in its place: how deep, and the names from the top."""

    node: Any
    depth: int
    path: str


@dataclass(frozen=True)
class StorePoint:
    """A store as the search for the nearest one takes it; coordinates are GCJ-02."""

    account_id: UUID
    name: str
    services: tuple[str, ...] = ()
    address: str = ""
    city: str = ""
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    opening_hours: str = ""


def may_stand_below(kind: Kind, parent: Kind | None) -> bool:
    """Whether a node of a kind may hang on one of another kind, or at the top (None)."""
    return parent in PARENTS[kind] if parent is not None else not PARENTS[kind]


def first_day(today: date) -> date:
    """From when on a node created today stands in the tree."""
    return today - EARLIEST_FACT


def in_tree_order(nodes: Iterable[Any]) -> Sequence[Placed]:
    """Parents before their children, siblings by name; a node whose parent is not among them stands at the top."""
    every = sorted(nodes, key=lambda node: (node.name, node.id))
    known = {node.id for node in every}
    below: dict[UUID | None, list[Any]] = {}
    for node in every:
        below.setdefault(node.parent_id if node.parent_id in known else None, []).append(node)
    placed: list[Placed] = []
    waiting = [Placed(node, 0, node.name) for node in reversed(below.get(None, []))]
    while waiting:
        one = waiting.pop()
        placed.append(one)
        children = reversed(below.get(one.node.id, []))
        waiting.extend(Placed(child, one.depth + 1, f"{one.path} › {child.name}") for child in children)
    return placed


def all_below(top: UUID, parents: Mapping[UUID, UUID | None]) -> frozenset[UUID]:
    """The node and all below it, by a map of child to parent; empty when the node is not in the map."""
    below: dict[UUID | None, list[UUID]] = {}
    for child, parent in parents.items():
        below.setdefault(parent, []).append(child)
    found: set[UUID] = set()
    waiting = [top] if top in parents else []
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(below.get(node, ()))
    return frozenset(found)
