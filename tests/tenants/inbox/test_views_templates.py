"""Template messages to one fan, on the page and through the API, beside texts and pictures."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.fans.models import Fan
from tenants.library import services as library
from tenants.library.domain import Template
from tests.factories.accounts import Tree, make_connected, make_tree
from tests.factories.fans import make_fan
from tests.factories.outward import effects
from tests.factories.people import browser_of, make_member, make_tenant

TEMPLATE = Template("tpl-1", "预约成功通知", "预约项目：{{thing1.DATA}}\n到店时间：{{time2.DATA}}")
FILLED = {"template_id": "tpl-1", "data.thing1": "手冲课", "data.time2": "周六 14:00", "once": "1"}


@pytest.fixture
def tree(tenant: TenantRecord) -> Tree:
    with enter(system_scope(tenant)):
        return make_tree()


@pytest.fixture
def browser(app: Flask, tenant: TenantRecord) -> FlaskClient:
    return browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant))


def fan_at(tenant: TenantRecord, account_id: UUID, **connection: str) -> Fan:
    """A follower of a connected account whose templates were read."""
    with enter(system_scope(tenant)):
        make_connected(account_id, **connection)
        library.ask_templates(account_id)
        library.keep_templates(account_id, [TEMPLATE])
        db.session.commit()
        return make_fan(account_id)


def sent(tenant: TenantRecord) -> list[dict[str, object]]:
    with enter(system_scope(tenant)):
        return [{"state": row.state, **row.payload} for row in effects()]


def page_of(tenant: TenantRecord, tree: Tree, fan: Fan) -> str:
    return f"/t/{tenant.id}/a/{tree.bund}/inbox/fans/{fan.id}/template"


def test_a_template_is_filled_looked_at_and_sent_once(browser: FlaskClient, tenant: TenantRecord, tree: Tree) -> None:
    fan = fan_at(tenant, tree.bund)
    assert "发送模板消息" in browser.get(f"/t/{tenant.id}/a/{tree.bund}/fans/{fan.id}").text
    page = browser.get(page_of(tenant, tree, fan)).text
    assert "预约项目" in page
    answers = [browser.post(page_of(tenant, tree, fan), data=FILLED) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].location == answers[1].location
    (only,) = sent(tenant)
    assert (only["state"], only["data"]) == ("planned", {"thing1": "手冲课", "time2": "周六 14:00"})
    timeline = browser.get(f"/t/{tenant.id}/a/{tree.bund}/fans/{fan.id}").text
    assert "预约项目：手冲课" in timeline


def test_what_does_not_fit_is_said_beside_its_field(browser: FlaskClient, tenant: TenantRecord, tree: Tree) -> None:
    fan = fan_at(tenant, tree.bund)
    values = {**FILLED, "data.thing1": "长" * 21, "data.time2": "", "url": "javascript:alert(1)"}
    assert browser.post(page_of(tenant, tree, fan), data=values).status_code == 422
    refused = browser.post(page_of(tenant, tree, fan), data={**values, "url": ""})
    assert refused.status_code == 422
    for wrong in ("\x01 \x1f", "手冲课\x00"):
        assert browser.post(page_of(tenant, tree, fan), data={**FILLED, "data.thing1": wrong}).status_code == 422
    assert sent(tenant) == []


def test_the_page_says_why_there_is_nothing_to_choose(browser: FlaskClient, tenant: TenantRecord, tree: Tree) -> None:
    with enter(system_scope(tenant)):
        make_connected(tree.bund)
        fan = make_fan(tree.bund)
    assert "还没有读取过模板" in browser.get(page_of(tenant, tree, fan)).text
    asked = browser.post(f"/t/{tenant.id}/a/{tree.bund}/inbox/fans/{fan.id}/templates")
    assert asked.status_code == 302
    assert "正在从微信读取模板" in browser.get(page_of(tenant, tree, fan)).text
    other = fan_at(tenant, tree.lake, service_type="subscription")
    assert "不能给该粉丝发送模板消息" in browser.get(page_of(tenant, tree, other)).text
    assert browser.post(page_of(tenant, tree, other), data=FILLED).status_code == 409


def test_another_brand_finds_no_fan(app: Flask, tenant: TenantRecord, tree: Tree) -> None:
    fan = fan_at(tenant, tree.bund)
    stranger = browser_of(app, make_member(Role.BRAND_HQ, tenant=make_tenant()))
    assert stranger.get(page_of(tenant, tree, fan)).status_code == 404
    assert stranger.post(page_of(tenant, tree, fan), data=FILLED).status_code == 404
    assert stranger.post(f"/t/{tenant.id}/a/{tree.bund}/inbox/fans/{fan.id}/templates").status_code == 404
