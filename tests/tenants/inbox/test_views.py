"""The pages of the inbox."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import Tree, make_grant, make_tree
from tests.factories.inbox import make_conversation
from tests.factories.people import Member, browser_of, make_member
from tests.factories.queries import count_queries


@pytest.fixture
def tree(tenant: TenantRecord) -> Tree:
    with enter(system_scope(tenant)):
        return make_tree()


@pytest.fixture
def browser(app: Flask, tenant: TenantRecord, tree: Tree) -> FlaskClient:
    """An agent of the eastern region."""
    agent: Member = make_member(Role.INBOX_AGENT, tenant=tenant)
    with enter(system_scope(tenant)):
        make_grant(agent.membership_id, tree.east)
    return browser_of(app, agent)


def base(tenant: TenantRecord, tree: Tree) -> str:
    return f"/t/{tenant.id}/a/{tree.east}/inbox"


def token(page: str) -> str:
    return page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_takes_a_fixed_number_of_queries(
    browser: FlaskClient, tenant: TenantRecord, tree: Tree, number: int
) -> None:
    with enter(system_scope(tenant)):
        for _ in range(number):
            make_conversation(tree.bund)
    browser.get(base(tenant, tree))
    with count_queries() as queries:
        page = browser.get(base(tenant, tree)).get_data(as_text=True)
    assert page.count("转人工</td>") == number
    assert len(queries) <= 24, queries


def test_a_conversation_is_read_and_resolved(browser: FlaskClient, tenant: TenantRecord, tree: Tree) -> None:
    with enter(system_scope(tenant)):
        one = make_conversation(tree.bund, complaint=True)
    page = browser.get(f"{base(tenant, tree)}/{one.id}").get_data(as_text=True)
    assert "请稍等" in page
    sent = {"csrf_token": token(page), "version": "9"}
    assert browser.post(f"{base(tenant, tree)}/{one.id}/resolve", data=sent).status_code == 412
    assert browser.post(f"{base(tenant, tree)}/{one.id}/resolve", data={**sent, "version": "1"}).status_code == 302
    assert str(one.id) not in browser.get(base(tenant, tree)).get_data(as_text=True)
    assert str(one.id) in browser.get(f"{base(tenant, tree)}?status=resolved").get_data(as_text=True)
    assert browser.get(f"{base(tenant, tree)}?q=nobody&reason=complaint").status_code == 200


def test_the_list_and_the_lines_come_as_fragments(browser: FlaskClient, tenant: TenantRecord, tree: Tree) -> None:
    with enter(system_scope(tenant)):
        one = make_conversation(tree.bund)
    for path in ("", f"/{one.id}"):
        fragment = browser.get(f"{base(tenant, tree)}{path}", headers={"HX-Request": "true"}).get_data(as_text=True)
        assert "转人工" in fragment
        assert "<html" not in fragment


@pytest.mark.parametrize("path", ["", "/undelivered"])
def test_a_renewed_list_brings_the_numbers_of_the_tabs(
    browser: FlaskClient, tenant: TenantRecord, tree: Tree, path: str
) -> None:
    with enter(system_scope(tenant)):
        for _ in range(2):
            make_conversation(tree.bund)
    page, fragment = (
        browser.get(f"{base(tenant, tree)}{path}", headers=headers).get_data(as_text=True)
        for headers in ({}, {"HX-Request": "true"})
    )
    waiting, nobody = '<span class="count" id="count-waiting"', '<span class="count" id="count-open"'
    assert f"{waiting}>2</span>" in page
    assert f"{waiting} hx-swap-oob=true>2</span>" in fragment
    assert f"{nobody} hx-swap-oob=true hidden>0</span>" in fragment


def test_another_region_is_out_of_sight(browser: FlaskClient, tenant: TenantRecord, tree: Tree) -> None:
    with enter(system_scope(tenant)):
        one = make_conversation(tree.canton)
    assert browser.get(f"{base(tenant, tree)}/{one.id}").status_code == 404
    assert str(one.id) not in browser.get(base(tenant, tree)).get_data(as_text=True)


def test_the_list_is_to_be_had_as_a_file(browser: FlaskClient, tenant: TenantRecord, tree: Tree) -> None:
    with enter(system_scope(tenant)):
        make_conversation(tree.bund)
    assert "export.csv" in browser.get(base(tenant, tree)).text
    lines = browser.get(f"{base(tenant, tree)}/export.csv").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("外滩店,要求人工,待接待,")
    assert browser.get(f"{base(tenant, tree)}/export.xlsx?status=resolved").data.startswith(b"PK")
