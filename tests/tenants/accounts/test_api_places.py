"""The JSON door: channel codes and stores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import new_id
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import Tree, make_account
from tests.factories.people import Member, make_tenant
from tests.factories.queries import count_queries

STORE = {
    "name": "外滩店",
    "services": ["堂食", "外带"],
    "address": "中山东一路 12 号",
    "city": "上海市",
    "district": "黄浦区",
    "latitude": 31.2412,
    "longitude": 121.4893,
    "phone": "021-5550 0101",
    "opening_hours": "08:00–22:00",
}


@pytest.fixture
def base(tenant: TenantRecord) -> str:
    return f"/api/v1/tenants/{tenant.id}"


@pytest.fixture
def hq(holding: Callable[..., Member]) -> Member:
    return holding(Role.BRAND_HQ)


def values_of(kind: str, account_id: UUID) -> dict[str, Any]:
    if kind == "stores":
        return {**STORE, "account_id": str(account_id)}
    return {"name": "台卡", "account_id": str(account_id), "node_id": str(account_id)}


KINDS = pytest.mark.parametrize("kind", ["stores", "channels"])


@KINDS
def test_create_read_change_delete(client: FlaskClient, base: str, tree: Tree, hq: Member, kind: str) -> None:
    values = values_of(kind, tree.bund)
    made = client.post(f"{base}/{kind}", json=values, headers=hq.bearer)
    assert made.status_code == 201, made.text
    assert {name: made.json[name] for name in values} == values
    address = f"{base}/{kind}/{made.json['id']}"
    assert client.get(address, headers=hq.bearer).json == made.json
    etag = {"If-Match": made.headers["ETag"]}
    assert client.patch(address, json={"name": "新名"}, headers=hq.bearer | etag).json["name"] == "新名"
    assert client.patch(address, json={"name": "旧名"}, headers=hq.bearer | etag).status_code == 412
    assert client.delete(address, headers=hq.bearer | etag).status_code == 412
    assert client.delete(address, headers=hq.bearer).status_code == 204
    assert client.get(address, headers=hq.bearer).status_code == 404


@KINDS
def test_the_list_takes_as_many_queries_for_many(
    client: FlaskClient, base: str, tree: Tree, hq: Member, kind: str
) -> None:
    for _ in range(5):
        client.post(f"{base}/{kind}", json=values_of(kind, tree.bund), headers=hq.bearer)
    with count_queries() as few:
        first = client.get(f"{base}/{kind}?limit=1", headers=hq.bearer).json
    with count_queries() as many:
        assert len(client.get(f"{base}/{kind}", headers=hq.bearer).json["items"]) == 5
    assert len(few) == len(many)
    assert first["next_cursor"] is not None


@KINDS
def test_a_region_acts_in_its_own_part(
    client: FlaskClient, base: str, tree: Tree, holding, hq: Member, kind: str
) -> None:
    manager = holding(Role.REGION_MANAGER, tree.east)
    foreign = client.post(f"{base}/{kind}", json=values_of(kind, tree.canton), headers=hq.bearer).json["id"]
    own = client.post(f"{base}/{kind}", json=values_of(kind, tree.bund), headers=manager.bearer)
    assert own.status_code == 201
    assert client.post(f"{base}/{kind}", json=values_of(kind, tree.canton), headers=manager.bearer).status_code == 404
    assert client.get(f"{base}/{kind}/{foreign}", headers=manager.bearer).status_code == 404
    assert client.patch(f"{base}/{kind}/{foreign}", json={"name": "x"}, headers=manager.bearer).status_code == 404
    assert client.delete(f"{base}/{kind}/{foreign}", headers=manager.bearer).status_code == 404
    assert [item["id"] for item in client.get(f"{base}/{kind}", headers=manager.bearer).json["items"]] == [
        own.json["id"]
    ]


@KINDS
def test_an_agent_looks_only(client: FlaskClient, base: str, tree: Tree, holding, kind: str) -> None:
    agent = holding(Role.INBOX_AGENT, tree.bund)
    assert client.get(f"{base}/{kind}", headers=agent.bearer).status_code == 200
    assert client.post(f"{base}/{kind}", json=values_of(kind, tree.bund), headers=agent.bearer).status_code == 403


@KINDS
def test_foreign_is_missing(client: FlaskClient, base: str, tree: Tree, hq: Member, kind: str) -> None:
    with enter(system_scope(make_tenant())):
        foreign = make_account().id
    own = client.post(f"{base}/{kind}", json=values_of(kind, tree.bund), headers=hq.bearer).json["id"]
    field = "account_id" if kind == "stores" else "node_id"
    for stranger in (foreign, new_id()):
        answers = [
            client.get(f"{base}/{kind}/{stranger}", headers=hq.bearer),
            client.get(f"{base}/{kind}?account_id={stranger}", headers=hq.bearer),
            client.post(f"{base}/{kind}", json=values_of(kind, stranger), headers=hq.bearer),
            client.patch(f"{base}/{kind}/{own}", json={field: str(stranger)}, headers=hq.bearer),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4


def test_a_scene_is_taken_once(client: FlaskClient, base: str, tree: Tree, hq: Member) -> None:
    values = {**values_of("channels", tree.bund), "scene": "door-1"}
    assert client.post(f"{base}/channels", json=values, headers=hq.bearer).json["scene"] == "door-1"
    again = client.post(f"{base}/channels", json=values, headers=hq.bearer)
    assert (again.status_code, again.json["code"]) == (409, "scene_taken")
    bad = client.post(f"{base}/channels", json={**values, "scene": "门口"}, headers=hq.bearer)
    assert set(bad.json["fields"]) == {"scene"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"latitude": 91}, "latitude"),
        ({"latitude": None}, "longitude"),
        ({"longitude": "east"}, "longitude"),
        ({"services": ["x" * 31]}, "services.0"),
    ],
)
def test_a_store_is_checked(
    client: FlaskClient, base: str, tree: Tree, hq: Member, changes: dict[str, Any], field: str
) -> None:
    answer = client.post(f"{base}/stores", json={**values_of("stores", tree.bund), **changes}, headers=hq.bearer)
    assert answer.status_code == 422
    assert field.split(".")[0] in {name.split(".")[0] for name in answer.json["fields"]}


def test_a_store_manager_keeps_the_own_store(client: FlaskClient, base: str, tree: Tree, holding, hq: Member) -> None:
    manager = holding(Role.STORE_MANAGER, tree.bund)
    own = client.post(f"{base}/stores", json=values_of("stores", tree.bund), headers=hq.bearer).json["id"]
    answer = client.patch(f"{base}/stores/{own}", json={"phone": "021-5550 0199"}, headers=manager.bearer)
    assert answer.json["phone"] == "021-5550 0199"
    moved = client.patch(f"{base}/stores/{own}", json={"account_id": str(tree.lake)}, headers=manager.bearer)
    assert moved.status_code == 404
