"""The pages of rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas.auth.roles import Role
from saas.db import db
from saas.tenancy.scope import TenantRecord
from tenants.rules import services
from tests.factories.accounts import Tree, make_connected
from tests.factories.people import Member, browser_of
from tests.factories.queries import count_queries
from tests.factories.rules import make_rule

FORM = {
    "name": "营业时间",
    "triggers.0.type": "keyword",
    "triggers.0.match": "exact",
    "triggers.0.value": "几点",
    "triggers.1.type": "emoji",
    "triggers.1.match": "contains",
    "triggers.1.value": "🙂",
    "replies.0.type": "text",
    "replies.0.content": "每天八点",
    "starts_at": "2026-03-01T08:00",
    "ends_at": "",
    "daily_from": "08:00",
    "daily_to": "22:00",
    "priority": "3",
    "enabled": ["false", "true"],
}


@pytest.fixture
def base(tenant: TenantRecord, tree: Tree) -> str:
    return f"/t/{tenant.id}/a/{tree.bund}/rules"


@pytest.fixture
def manager(app: Flask, member: Callable[[Role], Member]) -> FlaskClient:
    return browser_of(app, member(Role.STORE_MANAGER))


@pytest.fixture
def agent(app: Flask, member: Callable[[Role], Member]) -> FlaskClient:
    return browser_of(app, member(Role.INBOX_AGENT))


def only_rule(tree: Tree) -> Any:
    db.session.expire_all()
    (rule,) = services.list_rules(tree.bund, services.RuleFilter()).items
    return rule


def test_an_empty_list_offers_the_first_step(manager: FlaskClient, base: str) -> None:
    page = manager.get(base).text
    assert f"{base}/new?type=subscribe" in page
    assert manager.get(f"{base}/new?type=subscribe").status_code == 200


def test_the_form_makes_a_rule(manager: FlaskClient, base: str, tree: Tree) -> None:
    answer = manager.post(base, data=FORM)
    assert (answer.status_code, answer.headers["Location"]) == (302, base)
    rule = only_rule(tree)
    assert rule.triggers == [
        {"type": "keyword", "match": "exact", "value": "几点"},
        {"type": "emoji", "match": "contains", "value": "🙂"},
    ]
    assert (rule.enabled, rule.priority, rule.starts_at.isoformat()) == (True, 3, "2026-03-01T00:00:00+00:00")
    assert rule.name in manager.get(base).text


def test_the_form_shows_a_rule_and_changes_it(manager: FlaskClient, base: str, tree: Tree) -> None:
    manager.post(base, data=FORM)
    rule = only_rule(tree)
    page = manager.get(f"{base}/{rule.id}").text
    assert 'value="2026-03-01T08:00"' in page
    assert 'value="🙂"' in page
    changed = {**FORM, "name": "新", "enabled": "false", "version": "1"}
    assert manager.post(f"{base}/{rule.id}", data=changed).status_code == 302
    assert manager.post(f"{base}/{rule.id}", data=changed).status_code == 412


def test_what_is_wrong_stands_beside_its_field(manager: FlaskClient, base: str) -> None:
    data = {**FORM, "name": "", "triggers.1.value": "x", "replies.0.content": ""}
    answer = manager.post(base, data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    fields = ("name", "triggers.1.value", "replies.0.content")
    assert all(field in answer.text for field in fields)


def test_a_keyword_that_is_too_long_is_refused_beside_its_field(manager: FlaskClient, base: str) -> None:
    def sent(keyword: str) -> TestResponse:
        data = {**FORM, "triggers.0.value": keyword}
        return manager.post(base, data=data, headers={"HX-Request": "true"})

    refused = sent("长" * 61)
    assert refused.status_code == 422
    assert "关键词最多 60 个字。" in refused.text
    assert sent("长" * 60).status_code < 400


def test_a_rule_is_switched_in_its_row(manager: FlaskClient, base: str, tree: Tree) -> None:
    rule = make_rule(tree.bund)
    row = manager.post(f"{base}/{rule.id}/switch", data={"enabled": "false", "version": "1"})
    assert row.status_code == 200
    assert f'id="rule-{rule.id}"' in row.text
    assert only_rule(tree).enabled is False
    assert manager.post(f"{base}/{rule.id}/switch", data={"enabled": "true", "version": "1"}).status_code == 412


def test_a_word_of_another_rule_is_pointed_out(manager: FlaskClient, base: str, tree: Tree) -> None:
    make_rule(tree.bund, name="旧", triggers=[{"type": "keyword", "match": "exact", "value": "几点"}])
    assert "旧" in manager.post(base, data=FORM, follow_redirects=True).text.split("<table")[0]


def test_the_list_says_that_nobody_answers_without_a_wechat_account(
    manager: FlaskClient, base: str, tree: Tree
) -> None:
    assert "公众号" in manager.get(base).text
    make_connected(tree.bund)
    assert "还没有接入" not in manager.get(base).text


def test_a_rule_is_deleted(manager: FlaskClient, base: str, tree: Tree) -> None:
    rule = make_rule(tree.bund)
    assert manager.post(f"{base}/{rule.id}/delete", data={"version": "1"}).status_code == 302
    assert manager.get(f"{base}/{rule.id}").status_code == 404


@pytest.mark.parametrize(("act", "left"), [("enable", [True, True]), ("disable", [False, False]), ("delete", [])])
def test_several_rules_are_changed_at_once(
    manager: FlaskClient, base: str, tree: Tree, act: str, left: list[bool]
) -> None:
    ids = [str(make_rule(tree.bund, enabled=enabled).id) for enabled in (True, False)]
    assert manager.post(f"{base}/bulk", data={"ids[]": ids, "act": act}).status_code == 302
    db.session.expire_all()
    assert [rule.enabled for rule in services.list_rules(tree.bund, services.RuleFilter()).items] == left


def test_several_rules_are_changed_all_or_none(manager: FlaskClient, base: str, tree: Tree) -> None:
    mine, foreign = make_rule(tree.bund), make_rule(tree.lake)
    answer = manager.post(f"{base}/bulk", data={"ids[]": [str(mine.id), str(foreign.id)], "act": "delete"})
    assert answer.status_code == 404
    assert only_rule(tree).id == mine.id
    assert manager.post(f"{base}/bulk", data={"act": "delete"}).status_code == 422


def test_an_agent_looks_and_touches_nothing(agent: FlaskClient, base: str, tree: Tree) -> None:
    rule = make_rule(tree.bund)
    assert agent.get(base).status_code == 200
    assert agent.get(f"{base}/{rule.id}").status_code == 200
    assert agent.get(f"{base}/new").status_code == 403
    for path in ("", f"/{rule.id}", f"/{rule.id}/switch", f"/{rule.id}/delete", "/bulk"):
        assert agent.post(f"{base}{path}", data=FORM).status_code == 403


def test_another_store_looks_missing(manager: FlaskClient, tenant: TenantRecord, tree: Tree) -> None:
    rule = make_rule(tree.canton)
    there = f"/t/{tenant.id}/a/{tree.canton}/rules"
    assert [manager.get(f"{there}{path}").status_code for path in ("", f"/{rule.id}", "/tester")] == [404, 404, 404]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?text=几点开门", "每天 8:00"),
        ("?text=啊", "没有"),
        ("?type=subscribe", "没有"),
        ("", "rules/tester"),
    ],
)
def test_the_tester_shows_the_answer_and_why(
    manager: FlaskClient, base: str, tree: Tree, query: str, shown: str
) -> None:
    make_rule(tree.bund)
    page = manager.get(f"{base}/tester{query}").text
    assert shown in page


def test_the_tester_answers_htmx_with_a_fragment(manager: FlaskClient, base: str, tree: Tree) -> None:
    make_rule(tree.bund)
    fragment = manager.get(f"{base}/tester?text=几点", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "每天 8:00" in fragment
    assert manager.get(f"{base}/tester?type=moon").status_code == 422


@pytest.mark.parametrize("rules", [2, 30])
def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    manager: FlaskClient, base: str, tree: Tree, rules: int
) -> None:
    for number in range(rules):
        make_rule(tree.bund, name=f"规则{number}")
    manager.get(base)
    with count_queries() as queries:
        assert manager.get(base).status_code == 200
    asked = [query for query in queries if "FROM rules" in query]
    assert len(asked) == 2  # the page, and how many there are in all


def test_the_list_is_to_be_had_as_a_file(manager: FlaskClient, base: str, tree: Tree) -> None:
    make_rule(tree.bund, name="=问候")
    assert "export.csv" in manager.get(base).text
    lines = manager.get(f"{base}/export.csv?type=keyword&sort=name").data.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("'=问候,关键词")
    assert manager.get(f"{base}/export.xlsx").data.startswith(b"PK")
