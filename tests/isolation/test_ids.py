"""Ids in bodies and queries: a foreign one must answer exactly as one that doesn't exist, and change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import new_id
from tests.factories.people import Member, make_member
from tests.factories.rules import rule_values
from tests.isolation.world import World, in_context, make_world

ACCOUNT = {"name": "新店", "kind": "store"}
# Every id that a program may send, with a body in which it alone is wrong.
BODIES: dict[tuple[str, str, str], dict[str, Any]] = {
    ("post", "/accounts", "parent_id"): ACCOUNT,
    ("patch", "/accounts/{account_id}", "parent_id"): {},
    ("post", "/channels", "account_id"): {"name": "门口", "scene": "door", "node_id": "{own}"},
    ("post", "/channels", "node_id"): {"name": "门口", "scene": "door", "account_id": "{own}"},
    ("patch", "/channels/{channel_id}", "node_id"): {},
    ("post", "/stores", "account_id"): {"name": "新店", "city": "上海"},
    ("patch", "/stores/{store_id}", "account_id"): {},
    ("post", "/api/v1/tenants", "agency_id"): {"name": "新品牌"},
    ("post", "/accounts/{account_id}/messages", "fan_id"): {"type": "text", "content": "您好"},
}
OF_THE_BRAND = {("post", "/accounts/{account_id}/messages", "media_id")}
"""Files belong to the brand, not to a region: tried against other brands below."""
QUERIES = {
    ("/channels", "account_id"), ("/channels", "node_id"), ("/stores", "account_id"), ("/conversations", "account_id"),
    ("/conversations", "fan_id"), ("/conversations", "assignee_id"), ("/kpi/daily", "account_id"),
    ("/kpi/monthly", "account_id"), ("/accounts", "parent_id"), ("/accounts/{account_id}/fans", "channel_id"),
    ("/accounts/{account_id}/fans", "node_id"), ("/accounts/{account_id}/messages", "fan_id"),
    ("/accounts/{account_id}/messages", "rule_id"),
}  # fmt: skip
FOREIGN = ("other region", "other brand", "other agency's brand")
PREFIX = "/api/v1/tenants/{tenant_id}"


@pytest.fixture(scope="module")
def world(whole_app: Flask) -> Iterator[World]:
    with in_context(whole_app):
        yield make_world()


@pytest.fixture
def manager(world: World) -> Member:
    """The regional manager of the own store's region."""
    return next(actor.member for actor in world.actors if actor.name == "regional manager" and actor.member)


def ids_in_bodies(app: Flask) -> set[tuple[str, str, str]]:
    description = app.extensions["openapi"].to_dict()
    schemas = description["components"]["schemas"]
    found = set()
    for path, item in description["paths"].items():
        for method in {"post", "put", "patch"} & set(item):
            for media in item[method].get("requestBody", {}).get("content", {}).values():
                name = media["schema"].get("$ref", "").rsplit("/", 1)[-1]
                fields = schemas.get(name, media["schema"]).get("properties", {})
                found |= {(method, short(path), key) for key, field in fields.items() if is_id(key, field)}
    return found


def ids_in_queries(app: Flask) -> set[tuple[str, str]]:
    paths = app.extensions["openapi"].to_dict()["paths"]
    return {
        (short(path), parameter["name"])
        for path, item in paths.items()
        for operation in item.values()
        if isinstance(operation, dict)
        for parameter in operation.get("parameters", [])
        if parameter.get("in") == "query" and is_id(parameter["name"], parameter["schema"])
    }


def short(path: str) -> str:
    return path.removeprefix(PREFIX)


def is_id(name: str, field: dict[str, Any]) -> bool:
    kind = field.get("format") == "uuid" or any(one.get("format") == "uuid" for one in field.get("anyOf", []))
    return name.endswith("_id") and kind and not field.get("readOnly")


def test_every_id_that_may_be_sent_is_tried(app: Flask) -> None:
    assert ids_in_bodies(app) == set(BODIES) | OF_THE_BRAND
    assert ids_in_queries(app) <= QUERIES


@pytest.mark.parametrize(("method", "path", "name"), BODIES, ids=str)
@pytest.mark.parametrize("position", FOREIGN)
def test_a_foreign_id_in_a_body_looks_missing(
    client: FlaskClient, world: World, manager: Member, method: str, path: str, name: str, position: str
) -> None:
    values = [foreign_id(world, position, name), str(new_id())]
    answers = [send(client, world, manager, (method, path, name), value) for value in values]
    assert answers[0][0] in (403, 404, 422)
    assert answers[0] == answers[1]


@pytest.mark.parametrize(("path", "name"), sorted(QUERIES))
@pytest.mark.parametrize("position", FOREIGN)
def test_a_foreign_id_in_a_query_looks_missing(
    app: Flask, client: FlaskClient, world: World, manager: Member, path: str, name: str, position: str
) -> None:
    own = world.places["own store"]
    url = (PREFIX + path).format(tenant_id=own.tenant_id, account_id=own.account_id)
    dates = {"month": "2026-11", "from": "2026-11-01", "to": "2026-11-02"} if "kpi" in path else {}
    answers = [
        plain(client.get(url, query_string={name: value, **dates}, headers=manager.bearer))
        for value in (foreign_id(world, position, name), str(new_id()))
    ]
    assert answers[0] == answers[1]


def test_a_foreign_medium_in_a_rule_looks_missing(client: FlaskClient, world: World, manager: Member) -> None:
    own, foreign = world.places["own store"], world.places["other brand"]
    url = f"/api/v1/tenants/{own.tenant_id}/accounts/{own.account_id}/rules"
    answers = [
        plain(client.post(url, json=rule_values(replies=[{"type": "image", "media_id": one}]), headers=manager.bearer))
        for one in (str(foreign.ids["media_id"]), str(new_id()))
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] in (404, 422)


def test_a_foreign_medium_in_a_message_looks_missing(client: FlaskClient, world: World, manager: Member) -> None:
    own, foreign = world.places["own store"], world.places["other brand"]
    url = f"/api/v1/tenants/{own.tenant_id}/accounts/{own.account_id}/messages"
    body = {"fan_id": str(own.ids["fan_id"]), "type": "image"}
    answers = [
        plain(client.post(url, json={**body, "media_id": one}, headers=manager.bearer))
        for one in (str(foreign.ids["media_id"]), str(new_id()))
    ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


def foreign_id(world: World, position: str, name: str) -> str:
    place = world.places[position]
    if name in ("account_id", "node_id", "parent_id"):
        return str(place.account_id)
    return str(place.ids.get(name, place.tenant_id))


def send(
    client: FlaskClient, world: World, manager: Member, target: tuple[str, str, str], value: str
) -> tuple[int, Any]:
    method, path, name = target
    own = world.places["own store"]
    actor = make_member(Role.AGENCY_ADMIN, agency_id=None) if name == "agency_id" else manager
    url = (path if path.startswith("/api/") else PREFIX + path).format(
        tenant_id=own.tenant_id, account_id=own.account_id, **own.ids
    )
    body = {key: str(own.account_id) if text == "{own}" else text for key, text in BODIES[target].items()}
    return plain(client.open(url, method=method.upper(), json={**body, name: value}, headers=actor.bearer))


def plain(response: Any) -> tuple[int, Any]:
    return response.status_code, {key: text for key, text in (response.json or {}).items() if key != "request_id"}
