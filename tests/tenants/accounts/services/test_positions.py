"""Where nodes hung on a day gone by."""

from __future__ import annotations

from datetime import UTC, date, datetime

import time_machine
from sqlalchemy import select

from saas.db import db
from tenants.accounts import services
from tenants.accounts.models import NodePosition
from tenants.accounts.services import Draft, Kind
from tests.factories.accounts import Tree, make_tree

MARCH, MAY = datetime(2026, 3, 10, 4, tzinfo=UTC), datetime(2026, 5, 20, 4, tzinfo=UTC)


def moved_in_may() -> Tree:
    with time_machine.travel(MARCH, tick=False):
        tree = make_tree()
    with time_machine.travel(MAY, tick=False):
        services.move_account(services.access_account(tree.lake), parent_id=tree.south)
        db.session.commit()
    return tree


def test_a_past_month_keeps_its_tree(scope) -> None:
    tree = moved_in_may()
    assert tree.lake in services.subtree_ids(tree.east, on=date(2026, 4, 30))
    assert tree.lake not in services.subtree_ids(tree.south, on=date(2026, 4, 30))
    assert tree.lake not in services.subtree_ids(tree.east, on=date(2026, 5, 31))
    assert tree.lake in services.subtree_ids(tree.south, on=date(2026, 5, 31))
    assert tree.lake in services.subtree_ids(tree.central, on=date(2026, 5, 31))


def test_positions_name_each_node_once(scope) -> None:
    tree = moved_in_may()
    positions = services.positions_on(date(2026, 5, 31))
    assert positions[tree.central] is None
    assert positions[tree.lake] == tree.south
    assert len(positions) == 6


def test_before_it_was_made_a_node_is_not_in_the_tree_but_for_late_facts(scope) -> None:
    tree = moved_in_may()
    assert services.subtree_ids(tree.central, on=date(2026, 3, 2)) == frozenset()
    assert tree.bund in services.subtree_ids(tree.central, on=date(2026, 3, 3))


def test_moving_there_and_back_in_one_day_leaves_one_position(tree: Tree) -> None:
    for parent_id in (tree.south, tree.east, tree.south):
        services.move_account(services.access_account(tree.lake), parent_id=parent_id)
        db.session.commit()
    query = select(NodePosition).where(NodePosition.node_id == tree.lake).order_by(NodePosition.valid_from)
    rows = db.session.scalars(query).all()
    assert [row.parent_id for row in rows] == [tree.east, tree.south]
    assert rows[0].valid_to == rows[1].valid_from


def test_an_older_node_is_there_from_its_own_day(tree: Tree) -> None:
    old = services.create_account(Draft(name="老店", kind=Kind.STORE), parent_id=tree.east, since=date(2025, 1, 1))
    assert old.id in services.positions_on(date(2025, 1, 1))
