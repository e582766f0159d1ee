"""The pages of channel codes, stores, people and the brand."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.scope import TenantRecord
from tenants.accounts import services
from tests.factories.accounts import Tree, make_connected, make_store
from tests.factories.people import Member, browser_of
from tests.factories.queries import count_queries
from tests.tenants.accounts.conftest import FakeWeChat


@pytest.fixture
def browser(app: Flask, holding: Callable[..., Member]) -> Callable[..., FlaskClient]:
    """The browser of a person with a role and grants."""
    return lambda role, *accounts: browser_of(app, holding(role, *accounts))


@pytest.fixture
def hq(browser: Callable[..., FlaskClient]) -> FlaskClient:
    return browser(Role.BRAND_HQ)


@pytest.fixture
def at(tenant: TenantRecord) -> Callable[[UUID, str], str]:
    """The address of a page of an account."""
    return lambda account_id, page: f"/t/{tenant.id}/a/{account_id}/{page}"


def make_channel(tree: Tree) -> services.Channel:
    channel = services.create_channel(account_id=tree.east, node_id=tree.bund, name="台卡")
    db.session.commit()
    return channel


def test_a_code_from_the_form_to_the_picture(hq: FlaskClient, at, tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.east)
    form = {"name": "门口海报", "account_id": str(tree.east), "node_id": str(tree.bund), "scene": ""}
    assert hq.post(at(tree.bund, "channels/new"), data=form).status_code == 302
    (channel,) = services.page_channels().items
    page = at(tree.bund, f"channels/{channel.id}")
    assert "every 3s" in hq.get(page).text
    assert hq.get(f"{page}/code.svg").status_code == 404
    services.make_code(channel.id)
    db.session.commit()
    for kind, sign in (("svg", b"<svg"), ("png", b"PNG")):
        picture = hq.get(f"{page}/code.{kind}?download=1")
        assert sign in picture.data
        assert picture.headers["Content-Disposition"].startswith("attachment")
    assert hq.get(f"{page}/code.gif").status_code == 404


def test_a_failed_code_is_explained_and_tried_again(hq: FlaskClient, at, tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.east)
    channel = make_channel(tree)
    wechat.errcode = 45029
    services.make_code(channel.id)
    db.session.commit()
    page = at(tree.bund, f"channels/{channel.id}")
    assert "45029" in hq.get(page).text
    assert hq.post(f"{page}/retry").status_code == 302
    assert "45029" not in hq.get(page).text


def test_a_code_is_changed_and_deleted(hq: FlaskClient, at, tree: Tree) -> None:
    channel = make_channel(tree)
    page = at(tree.bund, f"channels/{channel.id}")
    form = {"name": "杯套", "node_id": str(tree.lake), "version": "1"}
    assert hq.post(page, data=form).status_code == 302
    assert hq.post(page, data=form).status_code == 412
    assert hq.post(f"{page}/delete", data={"version": "1"}).status_code == 412
    assert hq.post(f"{page}/delete", data={"version": "2"}).status_code == 302
    assert hq.get(page).status_code == 404


def test_a_store_is_made_changed_and_deleted(hq: FlaskClient, at, tree: Tree) -> None:
    form = {
        "name": "外滩店",
        "account_id": str(tree.bund),
        "services": "堂食，外带, 外卖",
        "latitude": "",
        "longitude": "",
    }
    assert hq.post(at(tree.bund, "stores/new"), data=form).status_code == 302
    (store,) = services.page_stores().items
    assert (store.services, store.latitude, store.phone) == (["堂食", "外带", "外卖"], None, "")
    page = at(tree.bund, f"stores/{store.id}")
    assert "堂食，外带，外卖" in hq.get(page).text
    changed = {**form, "latitude": "31.24", "longitude": "121.48", "version": "1"}
    assert hq.post(page, data=changed).status_code == 302
    assert hq.post(page, data=changed).status_code == 412
    assert hq.post(page, data={**form, "latitude": "31.24"}).status_code == 422
    assert hq.post(f"{page}/delete", data={"version": "2"}).status_code == 302
    assert hq.get(page).status_code == 404


def test_an_agent_reads_a_store(browser, at, tree: Tree) -> None:
    store = make_store(tree.bund)
    agent = browser(Role.INBOX_AGENT, tree.bund)
    assert "<form class" not in agent.get(at(tree.bund, f"stores/{store.id}")).text
    assert agent.post(at(tree.bund, f"stores/{store.id}"), data={"name": "x"}).status_code == 403


@pytest.mark.parametrize("page", ["channels", "stores", "people"])
def test_lists_take_as_many_queries_for_many(hq: FlaskClient, holding, at, tree: Tree, page: str) -> None:
    def more(times: int) -> None:
        for _ in range(times):
            make_channel(tree)
            make_store(tree.bund)
            holding(Role.STORE_MANAGER, tree.bund)

    more(2)
    with count_queries() as few:
        hq.get(at(tree.central, page))
    more(6)
    with count_queries() as many:
        hq.get(at(tree.central, page))
    assert len(many) == len(few) <= 16, few


def test_an_invitation_shows_its_link_once(hq: FlaskClient, at, tree: Tree) -> None:
    form = {"name": "吴桐", "role": "store_manager", "account_ids[]": [str(tree.bund)]}
    shown = hq.post(at(tree.bund, "people/new"), data=form)
    assert "http://localhost/invitations/" in shown.text
    (person,) = [one for one in services.page_people(below=tree.bund).items if one.is_invited]
    page = at(tree.bund, f"people/{person.membership_id}")
    assert "/invitations/" not in hq.get(page).text
    again = hq.post(f"{page}/link").text
    assert "/invitations/" in again
    assert again != shown.text
    assert hq.post(f"{page}/remove", data={"version": "2"}).status_code == 302
    assert hq.get(page).status_code == 404


def test_a_person_gets_another_role(hq: FlaskClient, holding, at, tree: Tree) -> None:
    member = holding(Role.STORE_MANAGER, tree.bund)
    page = at(tree.central, f"people/{member.membership_id}")
    form = {"role": "region_manager", "account_ids[]": [str(tree.east)], "version": "1"}
    assert hq.get(page).status_code == 200
    assert hq.post(page, data=form).status_code == 302
    assert hq.post(page, data=form).status_code == 412
    assert hq.post(page, data={"role": "agency_admin", "account_ids[]": []}).status_code == 403
    assert hq.post(page, data={"role": "emperor"}).status_code == 422
    assert hq.get(at(tree.central, f"people/{new_id()}")).status_code == 404


def test_the_brand(hq: FlaskClient, at, tree: Tree) -> None:
    form = {
        "name": "云岫",
        "time_zone": "Asia/Tokyo",
        "accent": "teal",
        "erase_after_days": "0",
        "erase_reason": "",
        "version": "1",
    }
    assert hq.post(at(tree.central, "settings"), data=form).status_code == 302
    assert hq.post(at(tree.central, "settings"), data=form).status_code == 412
    kept = {**form, "erase_after_days": "7", "version": "2"}
    assert hq.post(at(tree.central, "settings"), data=kept).status_code == 422
    assert hq.post(at(tree.central, "settings"), data={**kept, "erase_reason": "投诉核查"}).status_code == 302
    assert (
        hq.post(at(tree.central, "settings"), data={**form, "time_zone": "Mars/Base", "version": "3"}).status_code
        == 422
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_list_is_to_be_had_as_a_file(hq: FlaskClient, at, tree: Tree, form: str) -> None:
    make_channel(tree)
    make_store(tree.bund, name="=外滩店")
    for page, said in (("accounts", "外滩店"), ("stores", "'=外滩店"), ("channels", "台卡")):
        assert f"{page}/export.{form}" in hq.get(at(tree.central, page)).text
        file = hq.get(at(tree.central, f"{page}/export.{form}?q="))
        assert file.data.startswith(b"PK") if form == "xlsx" else said in file.data.decode("utf-8-sig")
        assert "nothing" not in hq.get(at(tree.central, f"{page}/export.csv?q=nothing")).text
