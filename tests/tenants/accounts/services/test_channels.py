"""Channel codes."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from saas.auth.roles import Role
from saas.db import db
from saas.errors import NotFound, StaleVersion
from saas.jobs.models import JobRow
from saas.tenancy.scope import enter, system_scope
from saas.wechat.errors import WeChatError
from tenants.accounts import services
from tenants.accounts.errors import SceneTaken
from tests.factories.accounts import Tree, make_account, make_connected
from tests.factories.people import make_tenant
from tests.tenants.accounts.conftest import FakeWeChat


def make_channel(account_id, node_id, scene: str | None = None) -> services.Channel:
    channel = services.create_channel(account_id=account_id, node_id=node_id, name="台卡", scene=scene)
    db.session.commit()
    return channel


def test_a_code_is_planned_and_made(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.east)
    channel = make_channel(tree.east, tree.bund)
    assert channel.state == "waiting"
    assert "accounts.make_code" in {row.name for row in db.session.scalars(select(JobRow))}
    services.make_code(channel.id)
    assert channel.state == "ready"
    assert channel.url == f"http://weixin.qq.com/q/{channel.scene}"
    assert channel.image_url.endswith(channel.ticket)


def test_a_code_is_made_once(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.east)
    channel = make_channel(tree.east, tree.bund)
    services.make_code(channel.id)
    services.make_code(channel.id)
    assert wechat.scenes == [channel.scene]


def test_what_wechat_refuses_stands_at_the_code(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.east)
    channel = make_channel(tree.east, tree.bund)
    wechat.errcode = 45029
    services.make_code(channel.id)
    assert (channel.state, channel.error) == ("failed", "45029")
    services.plan_code(channel)
    assert channel.state == "waiting"


def test_a_busy_wechat_is_asked_again(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.east)
    channel = make_channel(tree.east, tree.bund)
    wechat.errcode = -1
    with pytest.raises(WeChatError):
        services.make_code(channel.id)
    assert channel.state == "waiting"


def test_without_a_connection_the_code_waits_for_it(tree: Tree, wechat: FakeWeChat) -> None:
    channel = make_channel(tree.east, tree.bund)
    services.make_code(channel.id)
    assert channel.error == "not_connected"
    make_connected(tree.east)
    names = [row.name for row in db.session.scalars(select(JobRow))]
    assert names.count("accounts.make_code") == 2


def test_scenes_lead_to_nodes(tree: Tree) -> None:
    one, other = make_channel(tree.east, tree.bund, "a"), make_channel(tree.east, tree.lake, "b")
    make_channel(tree.south, tree.canton, "a")
    assert services.channels_of(tree.east) == {"a": (one.id, tree.bund), "b": (other.id, tree.lake)}
    assert services.find_channel(tree.east, "b") is other
    assert services.find_channel(tree.east, "c") is None


def test_a_scene_names_one_code_of_an_account(tree: Tree) -> None:
    make_channel(tree.east, tree.bund, "a")
    with pytest.raises(SceneTaken):
        make_channel(tree.east, tree.lake, "a")


def test_scenes_are_made_up_when_none_is_given(tree: Tree) -> None:
    scenes = {make_channel(tree.east, tree.bund).scene for _ in range(5)}
    assert len(scenes) == 5


def test_change_and_delete(tree: Tree) -> None:
    channel = make_channel(tree.east, tree.bund)
    services.update_channel(channel, {"name": "海报", "node_id": tree.lake}, version=1)
    db.session.commit()
    assert (channel.name, channel.node_id, channel.version) == ("海报", tree.lake, 2)
    with pytest.raises(StaleVersion):
        services.update_channel(channel, {"name": "旧"}, version=1)
    with pytest.raises(StaleVersion):
        services.delete_channel(channel, version=1)
    services.delete_channel(channel, version=2)
    assert services.page_channels().items == []


def test_nodes_of_others_are_missing(app: Flask, tree: Tree) -> None:
    with enter(system_scope(make_tenant())):
        foreign = make_account().id
    channel = make_channel(tree.east, tree.bund)
    for account_id, node_id in ((foreign, tree.bund), (tree.east, foreign)):
        with pytest.raises(NotFound):
            make_channel(account_id, node_id)
    with pytest.raises(NotFound):
        services.update_channel(channel, {"node_id": foreign})
    with enter(system_scope(make_tenant())), pytest.raises(NotFound):
        services.access_channel(channel.id)


def test_one_sees_the_codes_of_ones_nodes(tree: Tree, holding, acting) -> None:
    own, others = make_channel(tree.central, tree.bund), make_channel(tree.central, tree.canton)
    with acting(holding(Role.REGION_MANAGER, tree.east)):
        assert [channel.id for channel in services.page_channels().items] == [own.id]
        with pytest.raises(NotFound):
            services.access_channel(others.id)
        with pytest.raises(NotFound):
            services.page_channels(below=tree.south)


def test_search_and_place(tree: Tree) -> None:
    make_channel(tree.east, tree.bund, "cup")
    make_channel(tree.south, tree.canton, "poster")
    assert len(services.page_channels(search="POST").items) == 1
    assert len(services.page_channels(below=tree.east).items) == 1


def test_the_account_that_lends_its_code(tree: Tree) -> None:
    make_connected(tree.central)
    bund, lake = services.access_account(tree.bund), services.access_account(tree.lake)
    assert services.account_for_codes(lake) == tree.central
    make_connected(tree.bund)
    assert services.account_for_codes(bund) == tree.bund
    assert [name for _id, name in services.list_code_accounts()] == ["云岫咖啡总部", "外滩店"]
