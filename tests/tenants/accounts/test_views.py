"""The pages of the account matrix."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.accounts import services
from tests.factories.accounts import Tree, connection_values, make_account, make_connected, make_store
from tests.factories.people import Member, browser_of, make_tenant
from tests.factories.queries import count_queries
from tests.tenants.accounts.conftest import FakeWeChat

PAGES = (
    "accounts",
    "account",
    "accounts/new",
    "account/edit",
    "account/move",
    "account/connect",
    "account/check",
    "account/check/steps",
    "channels",
    "channels/new",
    "stores",
    "stores/new",
    "people",
    "people/new",
    "settings",
)


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


def fresh(account_id: UUID) -> services.Account:
    db.session.rollback()
    db.session.expire_all()
    return services.access_with_connection(account_id)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens(hq: FlaskClient, at, tree: Tree, page: str) -> None:
    make_connected(tree.central, mode="plain")
    make_store(tree.bund)
    assert hq.get(at(tree.central, page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_another_brand_is_missing(hq: FlaskClient, at, tree: Tree, page: str) -> None:
    with enter(system_scope(make_tenant())):
        foreign = make_account().id
    for account_id in (foreign, new_id()):
        assert hq.get(at(account_id, page)).status_code == 404


@pytest.mark.parametrize(
    "page", ["account/edit", "account/move", "account/connect", "accounts/new", "people", "settings"]
)
def test_a_store_manager_is_refused_what_is_not_for_stores(browser, at, tree: Tree, page: str) -> None:
    manager = browser(Role.STORE_MANAGER, tree.bund)
    assert manager.get(at(tree.bund, page)).status_code == 403
    assert manager.get(at(tree.bund, "account")).status_code == 200
    assert manager.get(at(tree.lake, "account")).status_code == 404


def test_a_page_takes_as_many_queries_for_many_accounts(hq: FlaskClient, at, tree: Tree) -> None:
    with count_queries() as few:
        hq.get(at(tree.central, "accounts"))
    for _ in range(10):
        make_account(services.Kind.STORE, parent_id=tree.south)
    with count_queries() as many:
        hq.get(at(tree.central, "accounts"))
    assert len(many) <= len(few) <= 16, few


def test_create(hq: FlaskClient, at, tree: Tree) -> None:
    form = {"name": "新店", "kind": "store", "parent_id": str(tree.east), "legal_entity": "", "profile.tone": "温和"}
    answer = hq.post(at(tree.central, "accounts/new"), data=form)
    assert answer.status_code == 302
    (made,) = services.page_accounts({"q": "新店"}).items
    assert (made.parent_id, made.profile["tone"], made.legal_entity) == (tree.east, "温和", "")
    assert str(made.id) in answer.headers["Location"]


def test_what_is_wrong_stands_beside_the_field(hq: FlaskClient, at, tree: Tree) -> None:
    answer = hq.post(
        at(tree.central, "accounts/new"), data={"name": "", "kind": "store"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "请填写" in answer.text


def test_edit_and_a_stale_edit(hq: FlaskClient, at, tree: Tree) -> None:
    form = {"name": "外滩一店", "legal_entity": "云岫", "version": "1"}
    assert hq.post(at(tree.bund, "account/edit"), data=form).status_code == 302
    assert fresh(tree.bund).name == "外滩一店"
    assert hq.post(at(tree.bund, "account/edit"), data={**form, "name": "旧"}).status_code == 412


def test_move_archive_restore(hq: FlaskClient, at, tree: Tree) -> None:
    assert hq.post(at(tree.lake, "account/move"), data={"parent_id": str(tree.south)}).status_code == 302
    assert fresh(tree.lake).parent_id == tree.south
    assert hq.post(at(tree.lake, "account/archive"), data={"version": "1"}).status_code == 412
    assert hq.post(at(tree.lake, "account/archive"), data={"version": "2"}).status_code == 302
    assert fresh(tree.lake).archived_at is not None
    assert "已于" in hq.get(at(tree.lake, "account")).text
    assert hq.post(at(tree.lake, "account/restore"), data={"version": "3"}).status_code == 302
    assert hq.post(at(tree.east, "account/archive"), data={}).status_code == 409


def test_the_wizard(hq: FlaskClient, at, tree: Tree, wechat: FakeWeChat) -> None:
    values = connection_values(app_id="wxwizard", verified="true")
    shown = hq.post(at(tree.bund, "account/connect"), data=values)
    assert shown.status_code == 200
    assert "http://localhost/wechat/wxwizard" in shown.text
    assert values["token"] in shown.text
    assert values["app_secret"] not in shown.text
    for page in ("account", "account/connect", "account/check"):
        assert values["token"] not in hq.get(at(tree.bund, page)).text
        assert values["encoding_aes_key"] not in hq.get(at(tree.bund, page)).text
    tested = hq.post(at(tree.bund, "account/check"))
    assert "微信已认可" in tested.text
    assert "every 3s" in tested.text


def test_the_wizard_proposes_a_token_and_a_key(hq: FlaskClient, at, tree: Tree) -> None:
    one, other = (hq.get(at(tree.bund, "account/connect")).text for _ in range(2))
    assert one != other


def test_an_app_id_in_use_is_told(hq: FlaskClient, at, tree: Tree) -> None:
    make_connected(tree.lake, app_id="wxinuse")
    answer = hq.post(at(tree.bund, "account/connect"), data=connection_values(app_id="wxinuse", verified="false"))
    assert answer.status_code == 409
    assert "已经接入另一个账号" in answer.text


def test_disconnect(hq: FlaskClient, at, tree: Tree) -> None:
    make_connected(tree.bund)
    assert hq.post(at(tree.bund, "account/disconnect"), data={}).status_code == 302
    assert not fresh(tree.bund).is_connected


def test_the_picker(hq: FlaskClient, browser, tenant: TenantRecord, tree: Tree) -> None:
    whole = hq.get(f"/t/{tenant.id}/picker").text
    assert whole.count("picker-option") >= 6
    assert hq.get(f"/t/{tenant.id}/picker?q=天河").text.count('role="option"') == 1
    part = browser(Role.REGION_MANAGER, tree.east).get(f"/t/{tenant.id}/picker").text
    assert "外滩店" in part
    assert "天河店" not in part


def test_broken_connections_wait_for_those_who_may_mend_them(hq: FlaskClient, at, tree: Tree, holding, acting) -> None:
    make_connected(tree.bund).health = {"token": {"state": "failed", "reason": "40164"}}
    make_connected(tree.canton)
    db.session.commit()
    with acting(holding(Role.BRAND_HQ)):
        assert [one.count for one in services.list_todos()] == [1]
    with acting(holding(Role.STORE_MANAGER, tree.bund)):
        assert list(services.list_todos()) == []
    page = hq.get(at(tree.central, "accounts/attention"), follow_redirects=True).text
    assert "外滩店" in page
    assert "天河店" not in page
