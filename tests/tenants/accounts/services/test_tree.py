"""Create, change, move, archive."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from saas.auth.roles import Role
from saas.db import db, new_id
from saas.errors import Forbidden, Invalid, NotFound, StaleVersion
from saas.tenancy.scope import TenantScope, enter, system_scope
from saas.wechat import versions
from tenants.accounts import services
from tenants.accounts.errors import StillInUse
from tenants.accounts.services import Draft, Kind
from tests.factories.accounts import Tree, make_account, make_connected, make_tree
from tests.factories.callbacks import fields, posted, text_fields
from tests.factories.door import Door
from tests.factories.people import make_tenant


def parent_of(account_id: UUID) -> UUID | None:
    return services.access_account(account_id).parent_id


def test_there_is_one_central_account(tree: Tree) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_account(Draft(name="第二总部", kind=Kind.CENTRAL))
    assert set(refused.value.fields) == {"kind"}


@pytest.mark.parametrize("kind", [Kind.REGION, Kind.CENTRAL])
def test_nothing_but_a_store_hangs_where_it_may_not(tree: Tree, kind: Kind) -> None:
    with pytest.raises(Invalid) as refused:
        services.create_account(Draft(name="错", kind=kind), parent_id=tree.bund)
    assert set(refused.value.fields) == {"parent_id"}


def test_a_region_needs_a_parent(tree: Tree) -> None:
    with pytest.raises(Invalid):
        services.create_account(Draft(name="华北", kind=Kind.REGION))


def test_a_parent_of_another_tenant_is_missing(app: Flask, tree: Tree) -> None:
    with enter(system_scope(make_tenant())):
        foreign = make_account().id
    for parent_id in (foreign, new_id()):
        with pytest.raises(NotFound):
            services.create_account(Draft(name="店", kind=Kind.STORE), parent_id=parent_id)


def test_change_keeps_what_is_not_named(tree: Tree) -> None:
    account = services.access_account(tree.bund)
    services.update_account(account, {"profile": {"tone": "温和"}})
    services.update_account(account, {"profile": {"positioning": "新品"}, "legal_entity": "云岫"})
    assert account.profile == {"tone": "温和", "positioning": "新品"}
    assert account.name == "外滩店"


def test_a_stale_change_is_refused(tree: Tree) -> None:
    account = services.access_account(tree.bund)
    services.update_account(account, {"name": "新名"}, version=1)
    db.session.commit()
    with pytest.raises(StaleVersion):
        services.update_account(account, {"name": "旧名"}, version=1)


def test_move(tree: Tree) -> None:
    services.move_account(services.access_account(tree.lake), parent_id=tree.south)
    assert parent_of(tree.lake) == tree.south
    assert tree.lake in services.subtree_ids(tree.south)
    assert tree.lake not in services.subtree_ids(tree.east)


def test_a_region_moves_with_all_below_it(tree: Tree) -> None:
    services.move_account(services.access_account(tree.south), parent_id=tree.east)
    assert services.subtree_ids(tree.east) == {tree.east, tree.south, tree.bund, tree.lake, tree.canton}


def test_no_cycle(tree: Tree) -> None:
    inner = make_account(Kind.REGION, parent_id=tree.east).id
    for parent_id in (tree.east, inner):
        with pytest.raises(Invalid) as refused:
            services.move_account(services.access_account(tree.east), parent_id=parent_id)
        assert set(refused.value.fields) == {"parent_id"}
    with pytest.raises(Invalid):
        services.move_account(services.access_account(tree.central), parent_id=tree.east)


def test_a_store_does_not_move_below_a_store(tree: Tree) -> None:
    with pytest.raises(Invalid):
        services.move_account(services.access_account(tree.lake), parent_id=tree.bund)


def test_a_move_to_a_foreign_parent_finds_nothing(app: Flask, tree: Tree) -> None:
    with enter(system_scope(make_tenant())):
        foreign = make_account().id
    with pytest.raises(NotFound):
        services.move_account(services.access_account(tree.lake), parent_id=foreign)


def test_archive_and_restore(tree: Tree) -> None:
    bund = services.archive_account(services.access_account(tree.bund))
    assert bund.archived_at is not None
    assert tree.bund not in {account.id for account in services.list_accounts()}
    assert tree.bund in {account.id for account in services.list_accounts(archived=True)}
    assert tree.bund in services.subtree_ids(tree.east)
    assert services.restore_account(bund).archived_at is None


def test_what_has_active_nodes_below_is_not_archived(tree: Tree) -> None:
    for account_id in (tree.central, tree.east):
        with pytest.raises(StillInUse):
            services.archive_account(services.access_account(account_id))


def test_nothing_is_put_below_an_archived_node(tree: Tree) -> None:
    services.archive_account(services.access_account(tree.canton))
    services.archive_account(services.access_account(tree.south))
    with pytest.raises(Invalid):
        services.move_account(services.access_account(tree.lake), parent_id=tree.south)
    with pytest.raises(Invalid):
        services.create_account(Draft(name="店", kind=Kind.STORE), parent_id=tree.south)
    with pytest.raises(Invalid):
        services.restore_account(services.access_account(tree.canton))


def test_a_regional_manager_adds_stores_and_nothing_else(tree: Tree, holding, acting) -> None:
    manager = holding(Role.REGION_MANAGER, tree.east)
    with acting(manager):
        assert services.create_account(Draft(name="新店", kind=Kind.STORE), parent_id=tree.east).id
        with pytest.raises(Forbidden):
            services.create_account(Draft(name="新区", kind=Kind.REGION), parent_id=tree.east)
        with pytest.raises(NotFound):
            services.create_account(Draft(name="新店", kind=Kind.STORE), parent_id=tree.south)


def test_one_sees_ones_part_of_the_tree(tree: Tree, holding, acting) -> None:
    with acting(holding(Role.REGION_MANAGER, tree.east)):
        assert {account.id for account in services.list_accounts()} == {tree.east, tree.bund, tree.lake}
        assert services.access_account(tree.bund).id == tree.bund
        for account_id in (tree.central, tree.canton, new_id()):
            with pytest.raises(NotFound):
                services.access_account(account_id)


def test_another_tenant_sees_nothing(app: Flask, scope: TenantScope, tree: Tree) -> None:
    with enter(system_scope(make_tenant())):
        other = make_tree()
        assert tree.central not in {account.id for account in services.list_accounts()}
        with pytest.raises(NotFound):
            services.access_account(tree.central)
        assert services.subtree_ids(tree.central) == frozenset()
    with pytest.raises(NotFound):
        services.access_account(other.central)


def test_pages_follow_each_other(tree: Tree) -> None:
    first = services.page_accounts({}, limit=4)
    second = services.page_accounts({}, cursor=first.next_cursor, limit=4)
    assert len(first.items) == 4
    assert len(second.items) == 2
    assert second.next_cursor is None
    assert len({account.id for account in (*first.items, *second.items)}) == 6


@pytest.mark.parametrize(
    ("name", "value", "found"), [("q", "店", 3), ("kind", "region", 2), ("parent_id", "east", 2), ("below", "south", 2)]
)
def test_filters(tree: Tree, name: str, value: str, found: int) -> None:
    wanted = getattr(tree, value, value)
    assert len(services.page_accounts({name: wanted}).items) == found


def test_an_archived_account_takes_no_more_messages_at_once(door: Door, tree: Tree) -> None:
    connection = make_connected(tree.bund)
    keys = services.keys_of(connection, version=versions.current(tree.bund))
    db.session.commit()
    address = f"/wechat/{keys.app_id}"

    def heard() -> int:
        body, query = posted(keys, fields(keys, text_fields("几点开门？")))
        return door.post(address, data=body, query_string=query).status_code

    assert heard() == 200
    services.archive_account(services.access_account(tree.bund))
    db.session.commit()
    assert heard() == 404
    services.restore_account(services.access_account(tree.bund))
    db.session.commit()
    assert heard() == 200
