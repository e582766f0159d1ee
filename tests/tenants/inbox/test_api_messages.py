"""Sending through the API: once per key, with its state, and refused in words when nothing may go."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from saas.auth.roles import Role
from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.fans import services as fans
from tenants.fans.models import Fan
from tenants.library import services as library
from tests.factories.accounts import Tree, make_connected, make_tree
from tests.factories.fans import make_fan
from tests.factories.outward import allow, effects
from tests.factories.people import Member, make_member, make_tenant
from tests.isolation.world import PNG


@pytest.fixture
def tree(tenant: TenantRecord) -> Tree:
    with enter(system_scope(tenant)):
        return make_tree()


@pytest.fixture
def hq(tenant: TenantRecord) -> Member:
    return make_member(Role.BRAND_HQ, tenant=tenant)


@pytest.fixture
def fan(tenant: TenantRecord, tree: Tree) -> Fan:
    """Who may be written to five times."""
    with enter(system_scope(tenant)):
        make_connected(tree.bund)
        made = make_fan(tree.bund)
        allow(made)
        return made


@pytest.fixture
def base(tenant: TenantRecord, tree: Tree) -> str:
    return f"/api/v1/tenants/{tenant.id}/accounts/{tree.bund}/messages"


def count(tenant: TenantRecord) -> int:
    with enter(system_scope(tenant)):
        return len(effects())


def test_a_text_is_sent_once_and_listed_with_its_state(
    client: FlaskClient, hq: Member, fan: Fan, base: str, tenant: TenantRecord
) -> None:
    headers = hq.bearer | {"Idempotency-Key": "1"}
    body = {"fan_id": str(fan.id), "type": "text", "content": "您好"}
    first, again = [client.post(base, json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, first.json) == (201, again.json)
    expected = {"direction": "out", "author": "agent", "type": "text", "content": "您好", "fan_id": str(fan.id)}
    assert expected.items() <= first.json.items()
    assert (first.json["state"], first.json["rule_id"], count(tenant)) == ("planned", None, 1)
    listed = client.get(f"{base}?direction=out", headers=hq.bearer).json["items"]
    assert [(one["id"], one["state"]) for one in listed] == [(first.json["id"], "planned")]


def test_pictures_and_templates_go_the_same_way(
    client: FlaskClient, hq: Member, fan: Fan, base: str, tenant: TenantRecord
) -> None:
    with enter(system_scope(tenant)):
        media = library.create_media(kind="image", name="海报", content=PNG)
        db.session.commit()
        media_id = str(media.id)
    for extra in (
        {"type": "image", "media_id": media_id},
        {"type": "template", "template_id": "t-1", "data": {"thing1": "手冲课"}, "url": "https://example.com/a"},
    ):
        assert client.post(base, json={"fan_id": str(fan.id), **extra}, headers=hq.bearer).status_code == 201
    assert count(tenant) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"type": "text"},
        {"type": "text", "content": " "},
        {"type": "image"},
        {"type": "template"},
        {"type": "voice", "content": "您好"},
        {"type": "template", "template_id": "t", "url": "file:///etc/passwd"},
        {"type": "text", "content": "a\ud800"},
        {"type": "text", "content": "a\x00"},
        {"type": "text", "content": "\x01 \x1f"},
        {"type": "template", "template_id": "t\ud800"},
        {"type": "template", "template_id": "\x01 \x02"},
        {"type": "template", "template_id": "t", "data": {"thing1": "a\ud800"}},
        {"type": "template", "template_id": "t", "url": "https://example.com/\ud800"},
    ],
)
def test_what_is_missing_or_cannot_be_sent_is_named(
    client: FlaskClient, hq: Member, fan: Fan, base: str, body: dict[str, str], tenant: TenantRecord
) -> None:
    said = json.dumps({"fan_id": str(fan.id), **body})
    answer = client.post(base, data=said, content_type="application/json", headers=hq.bearer)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert count(tenant) == 0


def test_signs_that_no_message_can_hold_are_left_out(
    client: FlaskClient, hq: Member, fan: Fan, base: str, tenant: TenantRecord
) -> None:
    body = {"fan_id": str(fan.id), "type": "text", "content": "您好\x01 😀\n再见"}
    assert client.post(base, json=body, headers=hq.bearer).json["content"] == "您好 😀\n再见"
    with enter(system_scope(tenant)):
        assert effects()[0].payload["message"]["content"] == "您好 😀\n再见"


def test_when_nothing_may_go_the_reason_is_told(
    client: FlaskClient, hq: Member, fan: Fan, base: str, tenant: TenantRecord
) -> None:
    body = {"fan_id": str(fan.id), "type": "text", "content": "您好"}
    answers = [client.post(base, json=body, headers=hq.bearer) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 5 + [409]
    assert (answers[5].json["code"], count(tenant)) == ("nothing_may_be_sent", 5)
    assert answers[5].json["title"]


def test_a_forgotten_fan_leaves_no_words_behind(
    client: FlaskClient, hq: Member, fan: Fan, base: str, tenant: TenantRecord
) -> None:
    body = {"fan_id": str(fan.id), "type": "text", "content": "请到外滩店领取"}
    assert client.post(base, json=body, headers=hq.bearer | {"Idempotency-Key": "1"}).status_code == 201
    with enter(system_scope(tenant)):
        fans.erase_own(fan.id)
        db.session.commit()
        for table in ("messages", "outbox", "idempotency_keys", "audit_entries", "jobs"):
            kept = db.session.scalars(text(f"SELECT t::text FROM {table} t")).all()
            assert not [row for row in kept if "领取" in row or "领取".encode().hex() in row]


def test_another_brand_and_another_account_find_no_fan(
    client: FlaskClient, hq: Member, fan: Fan, base: str, tree: Tree
) -> None:
    body = {"fan_id": str(fan.id), "type": "text", "content": "您好"}
    stranger = make_member(Role.BRAND_HQ, tenant=make_tenant())
    assert client.post(base, json=body, headers=stranger.bearer).status_code == 404
    elsewhere = base.replace(str(tree.bund), str(tree.lake))
    assert client.post(elsewhere, json=body, headers=hq.bearer).status_code == 404
