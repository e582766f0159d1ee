"""Every unsafe route that succeeds leaves exactly one entry of the audit, and no secret in it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from saas.auth import services
from saas.auth.roles import Role
from saas.db import db, new_id
from saas.security.limits import limiter
from saas.tenancy.directory import find_tenant
from saas.tenancy.models import ApiToken, AuditEntry, Membership, UserSession
from saas.tenancy.scope import NO_TENANT, TenantRecord, TenantScope, enter, enter_directory, system_scope
from saas.wechat.component.api import PreAuth
from saas.wechat.component.links import Place, open_way
from tenants.accounts.models import Account
from tests.factories.people import Member, make_tenant
from tests.isolation.acts import API, EMPTY, OWN, PAGES
from tests.isolation.world import World, in_context, make_world

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class Stage:
    """An agency's administrator, who may do all, by token and in a browser; and what was made on the way."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self.tenant_id = world.places[OWN].tenant_id
        with enter_directory():
            agency_id = find_tenant(self.tenant_id).agency_id
        self.brands = {EMPTY: make_tenant(agency_id=agency_id).id}
        actor = next(actor for actor in world.actors if actor.name == "agency administrator")
        assert actor.member is not None
        self.member: Member = actor.member
        self.browser: FlaskClient = app.test_client()
        self.known: dict[str, object] = {"login": f"p{new_id().hex}@example.test", "central_id": self._central()}
        self.known["token"] = self._invite()
        self.known["state"] = self._way_back()

    def call(self, endpoint: str, position: str, sent: dict[str, Any]) -> TestResponse:
        """Does one act as a person or a program would."""
        place = self.world.places.get(position, self.world.places[OWN])
        rule, tenant_id = next(self.app.url_map.iter_rules(endpoint)), self.brands.get(position, self.tenant_id)
        names = {**place.ids, "account_id": place.account_id, **self.known, "tenant_id": tenant_id}
        url = self.app.url_map.bind("localhost").build(endpoint, {name: names[name] for name in rule.arguments})
        (method,) = UNSAFE & (rule.methods or set())
        body = {key: _filled(value, names) for key, value in sent.items()}
        if endpoint in API:
            return self.app.test_client().open(url, method=method, json=body, headers=self.member.bearer)
        return self.browser.open(url, method=method, data=body)

    def enter_as(self, endpoint: str) -> None:
        """Who calls: the administrator, but for the acts of the person who was invited."""
        if not endpoint.startswith("auth.") or endpoint.endswith("_token"):
            with self.browser.session_transaction() as session:
                session["_user_id"] = self.member.session_token

    def remember(self) -> None:
        """The newest token and session, for the acts that end them."""
        with enter_directory():
            token = select(ApiToken.id).where(ApiToken.membership_id == self.member.membership_id)
            self.known["token_id"] = db.session.scalar(token.order_by(ApiToken.id.desc()))
            user = services.find_user(str(self.known["login"]))
            session = select(UserSession.id).where(UserSession.user_id == (user.id if user else None))
            self.known["session_id"] = db.session.scalar(session.order_by(UserSession.id))

    def _central(self) -> UUID:
        with enter(scope_of(self.tenant_id)):
            return db.session.scalars(select(Account.id).where(Account.parent_id.is_(None))).one()

    def _invite(self) -> str:
        with enter_directory():
            membership = Membership(id=new_id(), tenant_id=self.tenant_id, role=Role.BRAND_HQ, invited_name="新人")
            db.session.add(membership)
            token = services.create_invitation(membership)
            db.session.commit()
            return token

    def _way_back(self) -> str:
        with enter_directory():
            place = Place(self.tenant_id, self.world.places[OWN].account_id)
            _code, state = open_way(place, PreAuth(new_id().hex, 600), lambda state: state)
            db.session.commit()
            return state

    def entries(self) -> dict[UUID, AuditEntry]:
        """The whole audit of the brands, and of what belongs to none."""
        found = {}
        for tenant_id in (self.tenant_id, *self.brands.values(), NO_TENANT):
            with enter(scope_of(tenant_id)):
                found |= {entry.id: entry for entry in db.session.scalars(select(AuditEntry))}
        return found


def scope_of(tenant_id: UUID) -> TenantScope:
    return system_scope(TenantRecord(id=tenant_id, agency_id=NO_TENANT, name=""))


def _filled(value: Any, names: dict[str, object]) -> Any:
    if isinstance(value, list):
        return [_filled(one, names) for one in value]
    if isinstance(value, tuple):
        return io.BytesIO(value[0]), value[1]
    return value.format(**names) if isinstance(value, str) and value.startswith("{") else value


@pytest.fixture(scope="module")
def stage(whole_app: Flask) -> Iterator[Stage]:
    limiter.reset()
    with in_context(whole_app):
        yield Stage(whole_app, make_world())


def test_every_unsafe_route_is_tried(app: Flask) -> None:
    unsafe = {rule.endpoint for rule in app.url_map.iter_rules() if UNSAFE & (rule.methods or set())}
    assert unsafe == {*API, *PAGES}


@pytest.mark.parametrize("endpoint", [*API, *PAGES])
def test_an_act_leaves_one_entry(stage: Stage, endpoint: str) -> None:
    position, sent = (API | PAGES)[endpoint]
    stage.remember()
    stage.enter_as(endpoint)
    before = stage.entries()
    answer = stage.call(endpoint, position, sent)
    assert answer.status_code < 400, answer.text[-600:]
    (entry,) = [entry for key, entry in stage.entries().items() if key not in before]
    told = json.dumps([entry.path_ids, entry.changes])
    assert entry.action == endpoint
    assert entry.user_id is not None or endpoint == "auth.log_out"
    assert [change for change in entry.changes if "id" in change and change["id"] is None] == []
    assert [secret for secret in secrets_of(stage) if secret in told] == []


def secrets_of(stage: Stage) -> list[str]:
    sent = PAGES["accounts.connect"][1]
    passwords = {value for _at, values in PAGES.values() for key, value in values.items() if "password" in key}
    return [
        str(stage.known["token"]),
        *passwords,
        *(sent[name] for name in ("app_secret", "token", "encoding_aes_key")),
    ]
