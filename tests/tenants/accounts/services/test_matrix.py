"""The matrix and the picker."""

from __future__ import annotations

import pytest

from saas.auth.roles import Role
from saas.errors import Invalid
from tenants.accounts import services
from tenants.accounts.services import Condition, Kind, MatrixFilter
from tenants.accounts.services import matrix as build
from tests.factories.accounts import Tree, make_account, make_connected, make_store
from tests.factories.queries import count_queries


def test_rows_stand_in_the_order_of_the_tree(tree: Tree) -> None:
    make_store(tree.bund)
    make_store(tree.canton)
    rows = build(tree.central, MatrixFilter()).rows
    assert [(row.account.name, row.depth, row.stores) for row in rows] == [
        ("云岫咖啡总部", 0, 2),
        ("华东", 1, 1),
        ("外滩店", 2, 1),
        ("西湖店", 2, 0),
        ("华南", 1, 1),
        ("天河店", 2, 1),
    ]


def test_filters(tree: Tree) -> None:
    make_connected(tree.bund)
    assert build(tree.central, MatrixFilter(search="华东 店")).total == 2
    assert build(tree.central, MatrixFilter(kind="region")).total == 2
    found = build(tree.central, MatrixFilter(condition="untested"))
    assert [row.account.id for row in found.rows] == [tree.bund]
    assert found.conditions[Condition.NONE] == 5
    assert build(tree.east, MatrixFilter()).total == 3


def test_the_archived_are_shown_on_request(tree: Tree) -> None:
    services.archive_account(services.access_account(tree.bund))
    assert build(tree.central, MatrixFilter()).total == 5
    assert build(tree.central, MatrixFilter(archived=True)).total == 6


def test_many_accounts_take_as_many_queries_and_several_pages(tree: Tree) -> None:
    with count_queries() as few:
        build(tree.central, MatrixFilter())
    for _ in range(101):
        make_account(Kind.STORE, parent_id=tree.south)
    with count_queries() as many:
        first = build(tree.central, MatrixFilter())
    assert len(many) <= len(few) + 1  # the tenant is set anew after the commits above
    second = build(tree.central, MatrixFilter(), cursor=first.next_cursor)
    assert (len(first.rows), len(second.rows), second.next_cursor) == (100, 7, None)
    with pytest.raises(Invalid):
        build(tree.central, MatrixFilter(), cursor="what")


def test_the_picker_gives_the_visible_tree(tree: Tree, holding, acting) -> None:
    assert [(one.name, one.depth) for one in services.pick()][:2] == [("云岫咖啡总部", 0), ("华东", 1)]
    assert [one.path for one in services.pick("天河")] == ["云岫咖啡总部 › 华南 › 天河店"]
    with acting(holding(Role.REGION_MANAGER, tree.east)):
        assert [one.name for one in services.pick()] == ["华东", "外滩店", "西湖店"]


def test_parents_to_choose_from(tree: Tree) -> None:
    assert [one.id for one in services.list_parents()] == [tree.central, tree.east, tree.south]
    assert [one.id for one in services.list_parents(but=tree.east)] == [tree.central, tree.south]


def test_the_path_to_a_node(tree: Tree, holding, acting) -> None:
    path = services.path_to(services.access_account(tree.bund))
    assert [account.id for account in path] == [tree.central, tree.east, tree.bund]
    with acting(holding(Role.REGION_MANAGER, tree.east)):
        path = services.path_to(services.access_account(tree.bund))
        assert [account.id for account in path] == [tree.east, tree.bund]
