"""The JSON door of rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.rules.domain.keywords import MAX_KEYWORD
from tenants.rules.domain.text import normalise
from tests.factories.accounts import Tree, make_tree
from tests.factories.people import Member, make_member, make_tenant
from tests.factories.rules import make_rule, rule_values

Call = Callable[..., TestResponse]


@pytest.fixture
def hq(member: Callable[[Role], Member]) -> Member:
    return member(Role.BRAND_HQ)


@pytest.fixture
def call(client: FlaskClient, tenant: TenantRecord, hq: Member) -> Call:
    """Calls below the rules of an account, as headquarters unless told otherwise."""

    def sent(method: str, account_id: UUID, path: str = "", *, person: Member = hq, **kwargs: Any) -> TestResponse:
        address = f"/api/v1/tenants/{tenant.id}/accounts/{account_id}/rules{path}"
        headers = {**person.bearer, **kwargs.pop("headers", {})}
        return client.open(address, method=method, headers=headers, **kwargs)

    return sent


def test_a_rule_is_made_read_changed_and_deleted(call: Call, tree: Tree) -> None:
    made = call("POST", tree.bund, json=rule_values(priority=7, daily_from="08:00", daily_to="22:00"))
    assert (made.status_code, made.headers["ETag"], made.json["version"]) == (201, '"1"', 1)
    path = f"/{made.json['id']}"
    assert call("GET", tree.bund, path).json == made.json
    changed = call("PATCH", tree.bund, path, json={"enabled": False}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json["enabled"], changed.json["priority"]) == (200, False, 7)
    whole = call("PUT", tree.bund, path, json=rule_values(name="新"), headers={"If-Match": changed.headers["ETag"]})
    assert (whole.status_code, whole.json["name"], whole.json["priority"]) == (200, "新", 0)
    assert call("DELETE", tree.bund, path).status_code == 204
    assert call("GET", tree.bund, path).status_code == 404


def test_the_fields_of_the_contract_are_there(call: Call, tree: Tree) -> None:
    made = call("POST", tree.bund, json=rule_values())
    assert set(made.json) >= {
        "id", "version", "name", "enabled", "priority", "triggers", "replies",
        "starts_at", "ends_at", "daily_from", "daily_to", "origin_id", "lock",
    }  # fmt: skip
    assert made.json["triggers"] == [{"type": "keyword", "match": "contains", "value": "几点"}]


def test_a_stale_version_is_412(call: Call, tree: Tree) -> None:
    rule = make_rule(tree.bund)
    for method, body in (("PATCH", {"name": "新"}), ("PUT", rule_values()), ("DELETE", None)):
        answer = call(method, tree.bund, f"/{rule.id}", json=body, headers={"If-Match": '"9"'})
        assert (answer.status_code, answer.content_type) == (412, "application/problem+json")


def test_lists_are_cut_by_cursor_and_filtered(call: Call, tree: Tree) -> None:
    for number in range(3):
        make_rule(tree.bund, name=f"规则{number}", enabled=number != 1)
    first = call("GET", tree.bund, "?limit=2").json
    second = call("GET", tree.bund, f"?limit=2&cursor={first['next_cursor']}").json
    assert [item["name"] for item in (*first["items"], *second["items"])] == ["规则2", "规则1", "规则0"]
    assert [item["name"] for item in call("GET", tree.bund, "?enabled=false").json["items"]] == ["规则1"]
    assert call("GET", tree.bund, "?cursor=x").status_code == 422
    assert call("GET", tree.bund, "?limit=201").status_code == 422


BAD = [
    ({"triggers": []}, "triggers"),
    ({"triggers": [{"type": "keyword", "value": " "}]}, "triggers.0.value"),
    ({"triggers": [{"type": "keyword", "match": "regex", "value": "(咖啡"}]}, "triggers.0.value"),
    ({"triggers": [{"type": "emoji", "value": "笑"}]}, "triggers.0.value"),
    ({"triggers": [{"type": "message_type", "value": "smell"}]}, "triggers.0.value"),
    ({"triggers": [{"type": "moon"}]}, "triggers.0.type"),
    ({"triggers": ["x"]}, "triggers.0"),
    ({"triggers": None}, "triggers"),
    ({"replies": []}, "replies"),
    ({"replies": ["x"]}, "replies.0"),
    ({"replies": [{"type": "text"}]}, "replies.0.content"),
    ({"replies": [{"type": "text", "content": "好" * 700}]}, "replies.0.content"),
    ({"replies": [{"type": "text", "content": "a\u0000b"}]}, "replies.0.content"),
    ({"replies": [{"type": "text", "content": "好", "colour": "red"}]}, "replies.0.colour"),
    ({"replies": [{"type": "image", "media_id": "x"}]}, "replies.0.media_id"),
    ({"replies": [{"type": "news", "title": "x", "url": "javascript:alert(1)"}]}, "replies.0.url"),
    ({"replies": [{"type": "campaign", "campaign_id": "1"}]}, "replies.0.type"),
    ({"replies": [{"type": "lookup", "connector_id": "1"}]}, "replies.0.type"),
    ({"replies": [{"type": ["x"]}]}, "replies.0.type"),
    ({"name": ""}, "name"),
    ({"priority": "high"}, "priority"),
    ({"priority": 10**9}, "priority"),
    ({"starts_at": "soon"}, "starts_at"),
    ({"daily_from": "25:00"}, "daily_from"),
    ({"daily_from": "08:00:00+08:00"}, "daily_from"),
    ({"starts_at": "2026-03-02T00:00:00Z", "ends_at": "2026-03-01T00:00:00Z"}, "ends_at"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_what_is_wrong_is_said_by_field(call: Call, tree: Tree, changes: dict[str, Any], field: str) -> None:
    answer = call("POST", tree.bund, json=rule_values(**changes))
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert list(answer.json["fields"]) == [field]


def test_a_pattern_is_refused_with_the_words_of_re2(call: Call, tree: Tree) -> None:
    triggers = [{"type": "keyword", "match": "regex", "value": "(咖啡"}]
    answer = call("POST", tree.bund, json=rule_values(triggers=triggers))
    assert "missing )" in answer.json["fields"]["triggers.0.value"][0]


@pytest.mark.parametrize("match", ["contains", "exact", "prefix", "suffix"])
@pytest.mark.parametrize("sign", ["长", "⁗"], ids=["as typed", "as compared"])
def test_a_keyword_that_is_too_long_is_refused_in_words(call: Call, tree: Tree, match: str, sign: str) -> None:
    def sent(length: int) -> TestResponse:
        triggers = [{"type": "keyword", "match": match, "value": sign * length}]
        return call("POST", tree.bund, json=rule_values(triggers=triggers))

    most = MAX_KEYWORD // len(normalise(sign))
    assert sent(most).status_code == 201
    refused = sent(most + 1)
    assert (refused.status_code, refused.json["fields"]) == (422, {"triggers.0.value": ["关键词最多 60 个字。"]})


def test_what_has_no_room_in_the_account_is_refused_in_words(call: Call, tree: Tree) -> None:
    triggers = [{"type": "keyword", "match": "regex", "value": "(.{1,40}a){10}"}]
    made, refused = (call("POST", tree.bund, json=rule_values(triggers=triggers)) for _ in range(2))
    assert (made.status_code, refused.status_code) == (201, 409)
    assert refused.json["code"] == "patterns_too_large"
    assert "这个账号的正则表达式加起来太大了" in str(refused.json)


def test_a_partial_change_still_needs_whole_triggers(call: Call, tree: Tree) -> None:
    rule = make_rule(tree.bund)
    answer = call("PATCH", tree.bund, f"/{rule.id}", json={"triggers": [{"value": "x"}]})
    assert list(answer.json["fields"]) == ["triggers.0.type"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.AGENCY_STAFF, 201),
        (Role.BRAND_HQ, 201),
        (Role.REGION_MANAGER, 201),
        (Role.STORE_MANAGER, 201),
        (Role.INBOX_AGENT, 403),
    ],
)
def test_who_may_write(call: Call, tree: Tree, member: Callable[[Role], Member], role: Role, expected: int) -> None:
    person = member(role)
    assert call("POST", tree.bund, json=rule_values(), person=person).status_code == expected
    assert call("GET", tree.bund, person=person).status_code == 200


def test_an_account_elsewhere_looks_missing(call: Call, tree: Tree, member: Callable[[Role], Member]) -> None:
    there = make_rule(tree.canton)
    manager = member(Role.STORE_MANAGER)
    for account_id in (tree.canton, uuid4()):
        assert call("GET", account_id, person=manager).status_code == 404
        assert call("POST", account_id, json=rule_values(), person=manager).status_code == 404
        assert call("DELETE", account_id, f"/{there.id}", person=manager).status_code == 404
    assert call("GET", tree.bund, f"/{there.id}", person=manager).status_code == 404


def test_another_tenant_looks_missing(client: FlaskClient, tree: Tree) -> None:
    other = make_tenant()
    with enter(system_scope(other)):
        theirs = make_tree()
        rule = make_rule(theirs.bund)
    stranger = make_member(Role.BRAND_HQ, tenant=other)
    address = f"/api/v1/tenants/{other.id}/accounts/{tree.bund}/rules"
    assert client.get(address, headers=stranger.bearer).status_code == 404
    assert client.get(f"{address}/{rule.id}", headers=stranger.bearer).status_code == 404


def test_the_tester_changes_nothing_and_explains(call: Call, tree: Tree) -> None:
    rule = make_rule(tree.bund)
    answer = call("POST", tree.bund, "/try", json={"text": "几点开门"})
    assert answer.json == {
        "rule_id": str(rule.id),
        "reply": {"type": "text", "content": "我们每天 8:00–22:00 营业。"},
        "effects": [],
        "steps": [
            {
                "rule_id": str(rule.id),
                "name": "营业时间",
                "trigger": {"type": "keyword", "match": "contains", "value": "几点"},
                "verdict": "won",
            }
        ],
    }
    silent = call("POST", tree.bund, "/try", json={"type": "scan", "key": "x"}).json
    assert (silent["rule_id"], silent["reply"], silent["steps"]) == (None, None, [])
