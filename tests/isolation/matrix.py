"""Calls every route as every actor at every position and says where the answer isn't the expected one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unittest.mock import patch
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from saas.db import db
from tests.factories.people import browser_of
from tests.isolation.expected import EVERYBODY, GRANTS
from tests.isolation.world import POSITIONS, Actor, Place, World

OPEN_TO_ALL = "open"
REFUSED = (401, 403, 404)
VARIES = re.compile(rb"[0-9a-f]{16,}|nonce-[\w-]+|[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}|[0-9a-f-]{36}")
# Objects that are a person's own, or whose absence is the right answer in this world: checked by tests of their own.
PERSONAL = {"token_id", "session_id", "job_id", "tag_id"}


@dataclass(frozen=True)
class Call:
    """One cell of the matrix."""

    rule: Rule
    method: str
    actor: Actor
    position: str
    place: Place

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} as {self.actor.name} at {self.position}"


def routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every route that asks for a permission, with each of its methods."""
    return [
        (rule, method)
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))
        if hasattr(app.view_functions[rule.endpoint], "permission")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def offences(app: Flask, world: World, wanted: list[tuple[Rule, str]]) -> list[str]:
    """Every cell of some routes whose answer differs from the table, in words."""
    return [offence for rule, method in wanted for offence in _route_offences(app, world, rule, method)]


def _route_offences(app: Flask, world: World, rule: Rule, method: str) -> Iterator[str]:
    for actor in world.actors:
        found: dict[str, tuple[int, bytes]] = {}
        for position in POSITIONS:
            call = Call(rule, method, actor, position, world.places[position])
            # A fresh browser each time: a toast of one call must not show on the next page.
            status, body = _send(app, browser_of(app, actor.member), call)
            found[position] = status, body
            wanted = _expected(app, call)
            if not _fits(status, wanted):
                yield f"{call}: {status} instead of {wanted}"
        yield from _differences(call, found)


def _differences(call: Call, found: dict[str, tuple[int, bytes]]) -> Iterator[str]:
    """A foreign object must answer exactly as a missing one."""
    missing = found["missing"]
    for position, answer in found.items():
        if answer[0] == 404 and missing[0] == 404 and answer != missing:
            yield f"{call.method} {call.rule.rule} as {call.actor.name}: {position} looks different from missing"


def _send(app: Flask, browser: FlaskClient, call: Call) -> tuple[int, bytes]:
    values = {name: _value(call, name) for name in call.rule.arguments}
    url = _address(app, call.rule, values)
    headers = call.actor.member.bearer if call.actor.member and call.rule.rule.startswith("/api/") else {}
    body = {"json": {}} if call.rule.rule.startswith("/api/") and call.method != "GET" else {}
    if call.method == "GET" or isinstance(_expected(app, call), int):
        return _plain(browser.open(url, method=call.method, headers=headers, **body))
    # What is allowed must not change the world for the cells that follow.
    with patch.object(db.session, "commit", db.session.rollback):
        return _plain(browser.open(url, method=call.method, headers=headers, **body))


def _plain(response: TestResponse) -> tuple[int, bytes]:
    return response.status_code, VARIES.sub(b"", response.data) if response.status_code == 404 else b""


def _address(app: Flask, rule: Rule, values: dict[str, object]) -> str:
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def _value(call: Call, name: str) -> object:
    if name == "tenant_id":
        return call.place.tenant_id
    if name == "account_id":
        return call.place.account_id
    return call.place.ids.get(name, {"kind": "svg", "form": "csv"}.get(name))


def _expected(app: Flask, call: Call) -> object:
    permission = str(app.view_functions[call.rule.endpoint].permission)  # type: ignore[attr-defined]
    actor, arguments = call.actor, call.rule.arguments
    is_api = call.rule.rule.startswith("/api/")
    if actor.member is None or actor.name == "disabled person":
        return 401 if is_api else 302
    if actor.name == "membership just revoked" and is_api:
        return 401
    if "tenant_id" not in arguments:
        return _without_tenant(actor, permission, is_api=is_api)
    if not _opens(actor, call.place.tenant_id):
        return 404
    if "account_id" in arguments and not _sees(actor, call):
        return 404
    if not _may(actor, permission, is_api=is_api):
        return 403
    objects = arguments - {"tenant_id", "account_id", "kind", "form"}
    if objects & PERSONAL:
        return 404
    return OPEN_TO_ALL if not objects or _sees_object(actor, call, objects) else 404


def _without_tenant(actor: Actor, permission: str, *, is_api: bool) -> object:
    if permission in EVERYBODY:
        return (200, 302, 404, 422)
    may = _may(actor, permission, is_api=is_api)
    return OPEN_TO_ALL if may else 403


def _opens(actor: Actor, tenant_id: UUID) -> bool:
    if actor.name == "agency administrator":
        return tenant_id in (actor.tenant_id, *_sister_brands(actor))
    return tenant_id == actor.tenant_id


def _sister_brands(actor: Actor) -> tuple[UUID, ...]:
    return SISTERS.get(actor.name, ())


SISTERS: dict[str, tuple[UUID, ...]] = {}


def _sees(actor: Actor, call: Call) -> bool:
    if call.position == "missing":
        return False
    return actor.accounts is None or call.place.account_id in actor.accounts


def _sees_object(actor: Actor, call: Call, objects: set[str]) -> bool:
    if objects == {"media_id"}:
        return call.position != "missing"  # the library is the brand's
    return _sees(actor, call)


def _may(actor: Actor, permission: str, *, is_api: bool) -> bool:
    if actor.role is None:
        return False
    held = GRANTS[actor.role] | EVERYBODY
    if actor.only is not None and is_api:
        held = held & actor.only
    return permission in held


def _fits(status: int, wanted: object) -> bool:
    if wanted == OPEN_TO_ALL:
        return status not in REFUSED and status < 500
    return status in wanted if isinstance(wanted, tuple) else status == wanted
