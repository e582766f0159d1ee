"""Stores."""

from __future__ import annotations

import pytest
from flask import Flask

from saas.auth.roles import Role
from saas.db import db
from saas.errors import NotFound, StaleVersion
from saas.tenancy.scope import enter, system_scope
from saas.wechat import versions
from tenants.accounts import services
from tests.factories.accounts import Tree, make_account, make_connected, make_store
from tests.factories.people import make_tenant

PLACE = {"latitude": 31.24, "longitude": 121.49}


def test_points_for_the_nearest_one(tree: Tree) -> None:
    make_store(tree.bund, name="外滩店", services=["堂食"], phone="021-5550 0101", **PLACE)
    make_store(tree.lake, name="西湖店")
    services.archive_account(services.access_account(tree.lake))
    (point,) = services.list_store_points()
    assert (point.account_id, point.name, point.services) == (tree.bund, "外滩店", ("堂食",))
    assert (point.latitude, point.longitude, point.phone) == (31.24, 121.49, "021-5550 0101")


def test_every_edit_outdates_the_answers_of_connected_accounts(tree: Tree) -> None:
    make_connected(tree.east)
    store = make_store(tree.bund)
    assert versions.current(tree.east) == 2
    services.update_store(store, {"phone": "021-5550 0102"})
    assert versions.current(tree.east) == 3
    services.delete_store(store)
    assert versions.current(tree.east) == 4
    assert versions.current(tree.south) == 0


def test_change_keeps_what_is_not_named(tree: Tree) -> None:
    store = make_store(tree.bund, address="中山东一路", **PLACE)
    services.update_store(store, {"city": "上海市", "account_id": tree.lake}, version=1)
    db.session.commit()
    assert (store.address, store.city, store.account_id, store.version) == ("中山东一路", "上海市", tree.lake, 2)
    with pytest.raises(StaleVersion):
        services.update_store(store, {"city": "北京市"}, version=1)
    with pytest.raises(StaleVersion):
        services.delete_store(store, version=1)


def test_stores_of_others_are_missing(app: Flask, tree: Tree) -> None:
    store = make_store(tree.bund)
    with enter(system_scope(make_tenant())):
        foreign = make_account().id
        with pytest.raises(NotFound):
            services.access_store(store.id)
        assert services.list_store_points() == []
    with pytest.raises(NotFound):
        services.create_store({"name": "店"}, account_id=foreign)
    with pytest.raises(NotFound):
        services.update_store(store, {"account_id": foreign})


def test_one_sees_the_stores_of_ones_nodes(tree: Tree, holding, acting) -> None:
    own, others = make_store(tree.bund), make_store(tree.canton)
    with acting(holding(Role.STORE_MANAGER, tree.bund)):
        assert [store.id for store in services.page_stores().items] == [own.id]
        with pytest.raises(NotFound):
            services.access_store(others.id)
        with pytest.raises(NotFound):
            services.page_stores(below=tree.south)


def test_search_place_and_count(tree: Tree) -> None:
    make_store(tree.bund, name="外滩店", city="上海市")
    make_store(tree.bund, name="外滩二店", city="上海市")
    make_store(tree.canton, name="天河店", city="广州市")
    assert [store.name for store in services.page_stores(search="广州").items] == ["天河店"]
    assert len(services.page_stores(below=tree.east).items) == 2
    assert len(services.list_stores_at(tree.bund)) == 2
    assert services.count_stores() == {tree.bund: 2, tree.canton: 1}
