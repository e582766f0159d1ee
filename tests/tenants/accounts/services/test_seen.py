"""The port that tells the door what people see."""

from __future__ import annotations

import pytest
from flask import Flask

from saas.auth.roles import Role
from saas.errors import NotFound
from saas.tenancy.scope import TenantScope, enter, system_scope
from tenants.accounts import services
from tests.factories.accounts import Tree
from tests.factories.people import make_tenant

TREE = services.SeenTree()


def test_several_grants_add_up(tree: Tree, holding) -> None:
    member = holding(Role.REGION_MANAGER, tree.east, tree.canton)
    assert TREE.granted(member.membership_id) == {tree.east, tree.bund, tree.lake, tree.canton}
    assert TREE.granted(holding(Role.STORE_MANAGER).membership_id) == frozenset()


def test_a_node(tree: Tree, holding, acting) -> None:
    record = TREE.node(tree.bund)
    assert (record.name, record.kind, record.parent_id) == ("外滩店", "store", tree.east)
    with acting(holding(Role.STORE_MANAGER, tree.lake)), pytest.raises(NotFound):
        TREE.node(tree.bund)


def test_the_top(tree: Tree, holding, acting) -> None:
    assert TREE.top().id == tree.central
    with acting(holding(Role.REGION_MANAGER, tree.canton, tree.east)):
        assert TREE.top().id == tree.east
    with acting(holding(Role.STORE_MANAGER)), pytest.raises(NotFound):
        TREE.top()


def test_an_empty_brand_has_no_top(app: Flask, scope: TenantScope) -> None:
    with enter(system_scope(make_tenant())), pytest.raises(NotFound):
        TREE.top()
