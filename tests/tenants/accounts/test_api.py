"""The JSON door: accounts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import new_id
from saas.tenancy.scope import TenantRecord, TenantScope, enter, system_scope
from tests.factories.accounts import AES_KEY, Tree, connection_values, make_account, make_connected, make_tree
from tests.factories.people import Member, make_tenant
from tests.factories.queries import count_queries

SECRETS = ("app_secret", "token", "encoding_aes_key")


@pytest.fixture
def base(tenant: TenantRecord) -> str:
    return f"/api/v1/tenants/{tenant.id}"


@pytest.fixture
def hq(holding: Callable[..., Member]) -> Member:
    return holding(Role.BRAND_HQ)


def test_a_script_builds_a_tree_and_connects(client: FlaskClient, scope: TenantScope, base: str, hq: Member) -> None:
    def create(**values: object) -> dict[str, object]:
        answer = client.post(f"{base}/accounts", json=values, headers=hq.bearer)
        assert answer.status_code == 201, answer.text
        assert answer.headers["ETag"]
        return answer.json

    central = create(name="总部", kind="central", **connection_values(app_id="wxapi1", mode="plain"))
    region = create(name="华东", kind="region", parent_id=central["id"], legal_entity="云岫", profile={"tone": "温和"})
    store = create(name="外滩店", kind="store", parent_id=region["id"])
    assert (central["app_id"], central["mode"], central["connection"]) == ("wxapi1", "plain", "direct")
    assert (region["legal_entity"], region["profile"]) == ("云岫", {"positioning": "", "tone": "温和"})
    for name in ("app_id", "original_id", "service_type", "verified", "mode", "connection", "health"):
        assert store[name] is None


def test_secrets_are_in_no_answer(client: FlaskClient, base: str, tree: Tree, hq: Member) -> None:
    values = connection_values()
    address = f"{base}/accounts/{tree.bund}"
    answers = [
        client.patch(address, json=values, headers=hq.bearer),
        client.get(address, headers=hq.bearer),
        client.get(f"{base}/accounts", headers=hq.bearer),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert not [name for name in SECRETS if f'"{name}"' in answer.text or values[name] in answer.text]


def test_the_list_has_pages_and_filters(client: FlaskClient, base: str, tree: Tree, hq: Member) -> None:
    first = client.get(f"{base}/accounts?limit=4", headers=hq.bearer).json
    second = client.get(f"{base}/accounts?limit=4&cursor={first['next_cursor']}", headers=hq.bearer).json
    assert len(first["items"]) + len(second["items"]) == 6
    assert second["next_cursor"] is None
    stores = client.get(f"{base}/accounts?kind=store&below={tree.east}", headers=hq.bearer).json
    assert {item["id"] for item in stores["items"]} == {str(tree.bund), str(tree.lake)}
    assert client.get(f"{base}/accounts?limit=201", headers=hq.bearer).status_code == 422
    assert client.get(f"{base}/accounts?cursor=what", headers=hq.bearer).status_code == 422


def test_the_list_takes_as_many_queries_for_many(client: FlaskClient, base: str, tree: Tree, hq: Member) -> None:
    client.get(f"{base}/accounts", headers=hq.bearer)
    with count_queries() as few:
        client.get(f"{base}/accounts?limit=2", headers=hq.bearer)
    with count_queries() as many:
        client.get(f"{base}/accounts?limit=200", headers=hq.bearer)
    assert len(few) == len(many)


def test_a_stale_edit_is_refused(client: FlaskClient, base: str, tree: Tree, hq: Member) -> None:
    address = f"{base}/accounts/{tree.bund}"
    etag = client.get(address, headers=hq.bearer).headers["ETag"]
    fresh = client.patch(address, json={"name": "外滩一店"}, headers={**hq.bearer, "If-Match": etag})
    stale = client.patch(address, json={"name": "外滩二店"}, headers={**hq.bearer, "If-Match": etag})
    assert (fresh.status_code, stale.status_code) == (200, 412)
    assert stale.content_type.startswith("application/problem+json")
    assert fresh.headers["ETag"] != etag
    assert client.get(address, headers=hq.bearer).json["name"] == "外滩一店"


def test_one_patch_moves_archives_and_disconnects(client: FlaskClient, base: str, tree: Tree, hq: Member) -> None:
    make_connected(tree.lake)
    address = f"{base}/accounts/{tree.lake}"
    changes = {"parent_id": str(tree.south), "archived": True, "connection": "none"}
    answer = client.patch(address, json=changes, headers=hq.bearer).json
    assert (answer["parent_id"], answer["connection"]) == (str(tree.south), "none")
    assert answer["archived_at"] is not None
    assert client.patch(address, json={"archived": False}, headers=hq.bearer).json["archived_at"] is None


def test_an_app_id_in_use_has_its_own_error(client: FlaskClient, base: str, tree: Tree, hq: Member) -> None:
    make_connected(tree.bund, app_id="wxapitaken")
    answer = client.patch(
        f"{base}/accounts/{tree.lake}", json=connection_values(app_id="wxapitaken"), headers=hq.bearer
    )
    assert (answer.status_code, answer.json["code"]) == (409, "app_id_taken")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "store"}, "name"),
        ({"name": "店", "kind": "planet"}, "kind"),
        ({"name": "店", "kind": "store"}, "parent_id"),
        ({"name": "店", "kind": "store", "app_id": "wx1", "token": "t", "mode": "safe"}, "parent_id"),
    ],
)
def test_what_is_wrong_is_named(
    client: FlaskClient, base: str, tree: Tree, hq: Member, values: dict[str, str], field: str
) -> None:
    answer = client.post(f"{base}/accounts", json=values, headers=hq.bearer)
    assert answer.status_code == 422
    assert set(answer.json["fields"]) == {field}


def test_empty_words_are_no_error_and_signs_are_no_wildcards(
    client: FlaskClient, base: str, tree: Tree, hq: Member
) -> None:
    values = {"name": "100%店", "kind": "store", "parent_id": str(tree.east), "profile": None, "legal_entity": None}
    made = client.post(f"{base}/accounts", json=values, headers=hq.bearer)
    assert (made.status_code, made.json["profile"]) == (201, {"positioning": "", "tone": ""})
    assert (
        client.patch(f"{base}/accounts/{made.json['id']}", json={"profile": None}, headers=hq.bearer).status_code == 200
    )
    assert len(client.get(f"{base}/accounts?q=%25", headers=hq.bearer).json["items"]) == 1


def test_a_repeat_creates_once(client: FlaskClient, base: str, tree: Tree, hq: Member) -> None:
    headers = {**hq.bearer, "Idempotency-Key": "store-1"}
    values = {"name": "新店", "kind": "store", "parent_id": str(tree.east)}
    first = client.post(f"{base}/accounts", json=values, headers=headers)
    again = client.post(f"{base}/accounts", json=values, headers=headers)
    assert first.json["id"] == again.json["id"]
    assert len(client.get(f"{base}/accounts?q=新店", headers=hq.bearer).json["items"]) == 1


def test_a_region_sees_and_adds_below_itself(client: FlaskClient, base: str, tree: Tree, holding) -> None:
    manager = holding(Role.REGION_MANAGER, tree.east)
    items = client.get(f"{base}/accounts", headers=manager.bearer).json["items"]
    assert {item["id"] for item in items} == {str(tree.east), str(tree.bund), str(tree.lake)}

    def add(kind: str, parent_id: object, **more: object) -> int:
        values = {"name": "新", "kind": kind, "parent_id": str(parent_id), **more}
        return client.post(f"{base}/accounts", json=values, headers=manager.bearer).status_code

    assert add("store", tree.east) == 201
    assert add("region", tree.east) == 403
    assert add("store", tree.east, **connection_values()) == 403
    assert add("store", tree.south) == 404
    assert client.patch(f"{base}/accounts/{tree.bund}", json={"name": "x"}, headers=manager.bearer).status_code == 403


@pytest.mark.parametrize("role", [Role.STORE_MANAGER, Role.INBOX_AGENT])
def test_small_roles_look_only(client: FlaskClient, base: str, tree: Tree, holding, role: Role) -> None:
    member = holding(role, tree.bund)
    assert client.get(f"{base}/accounts/{tree.bund}", headers=member.bearer).status_code == 200
    assert client.get(f"{base}/accounts/{tree.lake}", headers=member.bearer).status_code == 404
    values = {"name": "店", "kind": "store", "parent_id": str(tree.bund)}
    assert client.post(f"{base}/accounts", json=values, headers=member.bearer).status_code == 403
    assert client.post(f"{base}/accounts/{tree.bund}/check", headers=member.bearer).status_code == 403


def test_foreign_is_missing(client: FlaskClient, base: str, tree: Tree, hq: Member) -> None:
    with enter(system_scope(make_tenant())):
        foreign = make_tree()
    for account_id in (foreign.bund, new_id()):
        answers = [
            client.get(f"{base}/accounts/{account_id}", headers=hq.bearer),
            client.patch(f"{base}/accounts/{account_id}", json={"name": "x"}, headers=hq.bearer),
            client.patch(f"{base}/accounts/{tree.bund}", json={"parent_id": str(account_id)}, headers=hq.bearer),
            client.get(f"{base}/accounts?below={account_id}", headers=hq.bearer),
            client.post(f"{base}/accounts/{account_id}/check", headers=hq.bearer),
            client.post(
                f"{base}/accounts",
                json={"name": "店", "kind": "store", "parent_id": str(account_id)},
                headers=hq.bearer,
            ),
        ]
        assert [answer.status_code for answer in answers] == [404] * 6
        assert {answer.json["code"] for answer in answers} == {"not_found"}


def test_another_brand_is_closed(client: FlaskClient, tree: Tree, hq: Member) -> None:
    other = make_tenant()
    with enter(system_scope(other)):
        account_id = make_account().id
    for path in ("accounts", f"accounts/{account_id}", "stores", "channels"):
        assert client.get(f"/api/v1/tenants/{other.id}/{path}", headers=hq.bearer).status_code == 404


def test_the_self_test_by_program(client: FlaskClient, base: str, tree: Tree, hq: Member, wechat) -> None:
    assert client.post(f"{base}/accounts/{tree.bund}/check", headers=hq.bearer).json["code"] == "not_connected"
    make_connected(tree.bund)
    health = client.post(f"{base}/accounts/{tree.bund}/check", headers=hq.bearer).json["health"]
    assert health["token"]["state"] == "ok"
    assert AES_KEY not in str(health)
