"""The tree without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.accounts.domain import Kind, all_below, first_day, in_tree_order, may_stand_below


@dataclass
class Node:
    id: UUID
    name: str
    parent_id: UUID | None


def uuid(number: int) -> UUID:
    return UUID(int=number)


@pytest.mark.parametrize(
    ("kind", "parent", "allowed"),
    [
        (Kind.CENTRAL, None, True),
        (Kind.CENTRAL, Kind.CENTRAL, False),
        (Kind.REGION, Kind.CENTRAL, True),
        (Kind.REGION, Kind.REGION, True),
        (Kind.REGION, Kind.STORE, False),
        (Kind.REGION, None, False),
        (Kind.STORE, Kind.CENTRAL, True),
        (Kind.STORE, Kind.REGION, True),
        (Kind.STORE, Kind.STORE, False),
        (Kind.STORE, None, False),
    ],
)
def test_what_stands_below_what(kind: Kind, parent: Kind | None, allowed: bool) -> None:
    assert may_stand_below(kind, parent) is allowed


def test_the_order_of_the_tree() -> None:
    nodes = [
        Node(uuid(3), "店乙", uuid(2)),
        Node(uuid(1), "总部", None),
        Node(uuid(2), "华东", uuid(1)),
        Node(uuid(4), "店甲", uuid(2)),
    ]
    placed = in_tree_order(nodes)
    assert [(one.node.name, one.depth) for one in placed] == [("总部", 0), ("华东", 1), ("店乙", 2), ("店甲", 2)]
    assert placed[-1].path == "总部 › 华东 › 店甲"


def test_a_node_without_its_parent_stands_at_the_top() -> None:
    placed = in_tree_order([Node(uuid(3), "店", uuid(2))])
    assert [(one.node.name, one.depth) for one in placed] == [("店", 0)]


@given(st.lists(st.integers(min_value=0, max_value=30), max_size=30))
def test_every_node_is_placed_once_and_after_its_parent(parents: list[int]) -> None:
    # Node n hangs on one made before it, so that there is no cycle.
    nodes = [Node(uuid(0), "0", None)]
    for number, parent in enumerate(parents, start=1):
        nodes.append(Node(uuid(number), str(number), uuid(parent % number)))
    placed = [one.node.id for one in in_tree_order(nodes)]
    assert sorted(placed) == sorted(node.id for node in nodes)
    assert all(placed.index(n.parent_id) < placed.index(n.id) for n in nodes if n.parent_id is not None)
    assert all_below(uuid(0), {n.id: n.parent_id for n in nodes}) == frozenset(placed)


def test_all_below_a_node() -> None:
    parents = {uuid(1): None, uuid(2): uuid(1), uuid(3): uuid(2), uuid(4): uuid(1)}
    assert all_below(uuid(2), parents) == {uuid(2), uuid(3)}
    assert all_below(uuid(9), parents) == frozenset()


def test_a_cycle_ends() -> None:
    assert all_below(uuid(1), {uuid(1): uuid(2), uuid(2): uuid(1)}) == {uuid(1), uuid(2)}


def test_a_late_fact_finds_its_node() -> None:
    assert first_day(date(2026, 11, 1)) == date(2026, 10, 25)
