"""Answering on the page: sent once, shown at once, and what failed is looked at by a person."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.fans.models import Fan
from tests.factories.accounts import Tree, make_grant, make_tree
from tests.factories.fans import make_fan
from tests.factories.outward import allow, effects, make_open_conversation, make_sent
from tests.factories.people import browser_of, make_member, make_tenant
from tests.factories.queries import count_queries

HTMX = {"HX-Request": "true"}


@pytest.fixture
def tree(tenant: TenantRecord) -> Tree:
    with enter(system_scope(tenant)):
        return make_tree()


@pytest.fixture
def browser(app: Flask, tenant: TenantRecord, tree: Tree) -> FlaskClient:
    """An agent of the eastern region."""
    agent = make_member(Role.INBOX_AGENT, tenant=tenant)
    with enter(system_scope(tenant)):
        make_grant(agent.membership_id, tree.east)
    return browser_of(app, agent)


@pytest.fixture
def base(tenant: TenantRecord, tree: Tree) -> str:
    return f"/t/{tenant.id}/a/{tree.east}/inbox"


def opened(tenant: TenantRecord, account_id: UUID) -> UUID:
    with enter(system_scope(tenant)):
        return make_open_conversation(account_id)[0].id


def failed(tenant: TenantRecord, account_id: UUID, state: str = "unknown") -> UUID:
    with enter(system_scope(tenant)):
        return make_sent(make_open_conversation(account_id)[1], "稍等，我查一下", state=state).id


def allowed_fan(account_id: UUID) -> Fan:
    fan = make_fan(account_id)
    allow(fan)
    return fan


def planned(tenant: TenantRecord) -> int:
    with enter(system_scope(tenant)):
        return sum(row.state == "planned" for row in effects())


def once_of(page: str) -> str:
    return re.findall(r'name="once" value="([^"]+)"', page)[0]


def test_an_answer_is_sent_once_however_often_it_is_sent(
    browser: FlaskClient, tenant: TenantRecord, tree: Tree, base: str
) -> None:
    one = opened(tenant, tree.bund)
    page = browser.get(f"{base}/{one}").text
    assert "还可以发送" in page
    sent = {"content": "每天八点到二十二点", "once": once_of(page)}
    first, again = [browser.post(f"{base}/{one}/reply", data=sent, headers=HTMX) for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert planned(tenant) == 1
    assert once_of(first.text) != sent["once"]
    live = browser.get(f"{base}/{one}/live", headers=HTMX).text
    assert "每天八点到二十二点" in live
    assert "等待发送" in live
    assert "接待中" in live


def test_nothing_and_too_much_are_refused_beside_the_field(
    browser: FlaskClient, tenant: TenantRecord, tree: Tree, base: str
) -> None:
    one = opened(tenant, tree.bund)
    for content in ("", "  ", "长" * 601, "😀" * 600, "\x01 \x1f", "您好\x00"):
        answer = browser.post(f"{base}/{one}/reply", data={"content": content}, headers=HTMX)
        assert answer.status_code == 422
        assert "content" in answer.text
    assert planned(tenant) == 0


def test_a_closed_box_says_why_and_refuses(browser: FlaskClient, tenant: TenantRecord, tree: Tree, base: str) -> None:
    with enter(system_scope(tenant)):
        conversation, fan = make_open_conversation(tree.bund)
        for _ in range(5):
            make_sent(fan)
        ids = conversation.id
    page = browser.get(f"{base}/{ids}").text
    answer = browser.post(f"{base}/{ids}/reply", data={"content": "您好"}, headers=HTMX)
    assert "data-closed" in page
    assert "粉丝再次发来消息后" in page
    assert (answer.status_code, planned(tenant)) == (409, 5)


def test_what_may_not_have_arrived_is_sent_anew_or_left(
    browser: FlaskClient, tenant: TenantRecord, tree: Tree, base: str
) -> None:
    lost, refused = failed(tenant, tree.bund), failed(tenant, tree.lake, "refused")
    page = browser.get(f"{base}/undelivered").text
    assert page.count("稍等，我查一下") == 2
    assert browser.get(f"{base}/undelivered?state=refused", headers=HTMX).text.count("稍等，我查一下") == 1
    assert browser.post(f"{base}/messages/{lost}/again", headers=HTMX).status_code == 200
    assert browser.post(f"{base}/messages/{refused}/dismiss", headers=HTMX).status_code == 200
    assert browser.post(f"{base}/messages/{refused}/dismiss", headers=HTMX).status_code == 409
    assert planned(tenant) == 1
    assert "稍等，我查一下" not in browser.get(f"{base}/undelivered").text


@pytest.mark.parametrize("number", [1, 9])
def test_the_list_of_what_failed_takes_a_fixed_number_of_queries(
    browser: FlaskClient, tenant: TenantRecord, tree: Tree, base: str, number: int
) -> None:
    failed(tenant, tree.bund)
    with enter(system_scope(tenant)):
        for _ in range(number - 1):
            make_sent(allowed_fan(tree.bund), "稍等，我查一下", state="refused")
    browser.get(f"{base}/undelivered")
    with count_queries() as queries:
        page = browser.get(f"{base}/undelivered").text
    assert page.count("稍等，我查一下") == number
    assert len(queries) <= 24, queries


def test_what_needs_a_person_stands_among_the_things_to_do(
    app: Flask, tenant: TenantRecord, tree: Tree, base: str
) -> None:
    failed(tenant, tree.bund)
    manager = browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant))
    home = manager.get(f"/t/{tenant.id}/a/{tree.central}/").text
    assert "发送结果不明的消息" in home
    assert f"/a/{tree.central}/inbox/undelivered?state=unknown" in home
    assert manager.get(f"{base}?status=open").status_code == 200


def test_another_region_and_another_brand_send_nothing(
    app: Flask, browser: FlaskClient, tenant: TenantRecord, tree: Tree, base: str
) -> None:
    one, lost = opened(tenant, tree.canton), failed(tenant, tree.south)
    stranger = browser_of(app, make_member(Role.BRAND_HQ, tenant=make_tenant()))
    for visitor in (browser, stranger):
        assert visitor.post(f"{base}/{one}/reply", data={"content": "您好"}).status_code == 404
        assert visitor.get(f"{base}/{one}/live").status_code == 404
        assert visitor.post(f"{base}/messages/{lost}/again").status_code == 404
        assert visitor.post(f"{base}/messages/{lost}/dismiss").status_code == 404
    assert planned(tenant) == 0
