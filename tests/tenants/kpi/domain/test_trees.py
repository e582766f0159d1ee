"""Trees of the past, and sums that roll up them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tenants.kpi.domain.rolling import NOTHING, STORED, roll_up, rolled
from tenants.kpi.domain.trees import Forest, MonthSpan, Tree

HQ, EAST, WEST, STORE = (UUID(int=n) for n in range(1, 5))
BEGIN = date(2020, 1, 1)


@dataclass(frozen=True)
class Span:
    node_id: UUID
    parent_id: UUID | None
    valid_from: date = BEGIN
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def by_id(node: UUID):
    return ("", node)


MOVED = date(2026, 3, 15)
FOREST = Forest(
    [Span(HQ, None), Span(EAST, HQ), Span(WEST, HQ), Span(STORE, EAST, BEGIN, MOVED), Span(STORE, WEST, MOVED)], by_id
)


def test_a_month_has_the_tree_of_its_last_day():
    assert FOREST.on(date(2026, 2, 28)).subtree(EAST) == {EAST, STORE}
    assert FOREST.on(date(2026, 3, 31)).subtree(EAST) == {EAST}
    assert FOREST.on(date(2026, 3, 31)) is FOREST.on(date(2026, 6, 30))


def test_the_year_of_a_region_follows_a_move():
    spans = FOREST.month_spans(WEST, first=date(2026, 1, 1), last=date(2026, 4, 1))
    assert sorted(spans, key=lambda span: (span.node_id, span.first)) == [
        MonthSpan(WEST, date(2026, 1, 1), date(2026, 2, 1)),
        MonthSpan(WEST, date(2026, 3, 1), date(2026, 4, 1)),
        MonthSpan(STORE, date(2026, 3, 1), date(2026, 4, 1)),
    ]


def test_the_order_puts_nodes_before_those_below_them():
    assert FOREST.on(BEGIN).order == [(HQ, 0), (EAST, 1), (STORE, 2), (WEST, 1)]


def test_a_node_whose_parent_is_missing_stands_at_the_top():
    assert Tree({STORE: EAST}, by_id).order == [(STORE, 0)]


def test_what_cannot_be_counted_is_unknown_and_told_by_the_coverage():
    sums = roll_up(FOREST.on(BEGIN), {}, frozenset({STORE}))
    bare, region = rolled(NOTHING, sums[WEST], is_counted=False), rolled(NOTHING, sums[EAST], is_counted=False)
    assert (bare.subtree["interactions"], bare.missing["interactions"] != "") == (None, True)
    assert (region.own["interactions"], region.subtree["interactions"]) == (None, 0)
    assert region.coverage["interactions"] == (1, 2)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(-5, 50)), min_size=1, max_size=20))
def test_the_top_is_the_sum_of_all_and_every_node_counts_once(drawn):
    nodes = [UUID(int=n + 1) for n in range(len(drawn))]
    parents = {node: nodes[at % n] if n else None for n, (node, (at, _)) in enumerate(zip(nodes, drawn, strict=True))}
    own = {node: (value,) * len(STORED) for node, (_, value) in zip(nodes, drawn, strict=True)}
    sums = roll_up(Tree(parents, by_id), own, frozenset(nodes))
    assert sums[nodes[0]].stored == [sum(value for _, value in drawn)] * len(STORED)
    assert (sums[nodes[0]].counted, sums[nodes[0]].nodes) == (len(nodes), len(nodes))
