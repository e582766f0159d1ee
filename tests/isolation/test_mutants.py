"""Walls broken on purpose: each must be noticed by the proof it belongs to, or the proof is not to be trusted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Connection, event, text

from saas import db as database
from saas.auth import entry
from saas.auth.identity import Identity
from saas.auth.roles import Role
from saas.db import TenantSession
from saas.stack.bootstrap import Urls
from saas.tenancy.guard import RoleTooPowerful
from tenants.accounts.permissions import AccountsPermission
from tests.conftest import running
from tests.isolation import matrix
from tests.isolation.walls import leaks, schema_offences
from tests.isolation.world import World, in_context, make_world

SCHEMA = {
    "the policy is dropped": (
        "DROP POLICY tenant ON rules",
        "CREATE POLICY tenant ON rules TO app USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant())",
    ),
    "the policy lets all through": (
        "ALTER POLICY tenant ON rules USING (true) WITH CHECK (true)",
        "ALTER POLICY tenant ON rules USING (tenant_id = app_tenant()) WITH CHECK (tenant_id = app_tenant())",
    ),
    "a second policy widens it": ("CREATE POLICY kind ON rules TO app USING (true)", "DROP POLICY kind ON rules"),
    "it isn't forced": (
        "ALTER TABLE rules NO FORCE ROW LEVEL SECURITY", "ALTER TABLE rules FORCE ROW LEVEL SECURITY",
    ),
    "it is switched off": (
        "ALTER TABLE rules DISABLE ROW LEVEL SECURITY", "ALTER TABLE rules ENABLE ROW LEVEL SECURITY",
    ),
    "a key without its tenant": ("CREATE UNIQUE INDEX loose ON rules (id)", "DROP INDEX loose"),
    "a reference without its tenant": (
        "CREATE UNIQUE INDEX loose ON accounts (id); ALTER TABLE rules ADD CONSTRAINT loose_fk FOREIGN KEY (account_id) REFERENCES accounts (id)",
        "ALTER TABLE rules DROP CONSTRAINT loose_fk; DROP INDEX loose",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def world(whole_app: Flask) -> Iterator[World]:
    with in_context(whole_app):
        made = make_world()
        matrix.SISTERS["agency administrator"] = (made.places["other brand"].tenant_id,)
        yield made


@pytest.mark.parametrize("name", SCHEMA)
def test_a_broken_schema_is_noticed(urls: Urls, name: str) -> None:
    breaking, mending = SCHEMA[name]
    assert schema_offences(urls.owner) == []
    with broken(urls, breaking, mending):
        assert schema_offences(urls.owner)
    assert schema_offences(urls.owner) == []


@contextmanager
def broken(urls: Urls, breaking: str, mending: str) -> Iterator[None]:
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(breaking)  # type: ignore[arg-type]
        try:
            yield
        finally:
            owner.execute(mending)  # type: ignore[arg-type]


def test_a_policy_that_lets_all_through_leaks(app: Flask, urls: Urls) -> None:
    assert leaks(app) == []
    with broken(urls, *SCHEMA["the policy lets all through"]):
        assert leaks(app)


def test_the_owners_role_is_refused(urls: Urls, config: object) -> None:
    powerful = dataclasses.replace(config, database_url=urls.owner)  # type: ignore[type-var]
    with running(powerful) as application, application.app_context():
        database.db.session.remove()
        with pytest.raises(RoleTooPowerful):
            database.db.engine.connect()


def test_a_session_level_setting_leaks(app: Flask) -> None:
    def set_for_the_session(session: TenantSession, _transaction: object, connection: Connection) -> None:
        tenant = database._present().tenant_id
        connection.execute(text("SELECT set_config('app.tenant_id', :tenant, false)"), {"tenant": str(tenant)})

    event.listen(TenantSession, "after_begin", set_for_the_session)
    try:
        assert "a connection without a scope sees rows" in leaks(app)
    finally:
        event.remove(TenantSession, "after_begin", set_for_the_session)
        database.db.engine.dispose()


Mutation = Callable[[pytest.MonkeyPatch, Flask], None]


def permission_dropped(patch: pytest.MonkeyPatch, app: Flask) -> None:
    patch.delattr(app.view_functions["accounts_api.update_store"].__wrapped__, "permission")  # type: ignore[attr-defined]


def permission_weakened(patch: pytest.MonkeyPatch, app: Flask) -> None:
    view = app.view_functions["accounts_api.update_store"].__wrapped__  # type: ignore[attr-defined]
    patch.setattr(view, "permission", AccountsPermission.STORES_VIEW)


def subtree_forgotten(patch: pytest.MonkeyPatch, app: Flask) -> None:
    patch.setattr(entry, "narrow", lambda accounts: None)


def membership_forgotten(patch: pytest.MonkeyPatch, app: Flask) -> None:
    patch.setattr(Identity, "membership_in", lambda self, tenant: next(iter(self.memberships), None))


def right_given_away(patch: pytest.MonkeyPatch, app: Flask) -> None:
    rights = app.extensions["rights"]
    wider = {**rights.grants, Role.INBOX_AGENT: rights.grants[Role.STORE_MANAGER]}
    patch.setitem(app.extensions, "rights", dataclasses.replace(rights, grants=wider))


@pytest.mark.parametrize(
    "mutate", [permission_dropped, permission_weakened, subtree_forgotten, membership_forgotten, right_given_away]
)
def test_a_broken_entry_is_noticed_by_the_matrix(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, mutate: Mutation
) -> None:
    wanted = [(rule, method) for rule, method in matrix.routes(app) if rule.endpoint == "accounts_api.update_store"]
    assert matrix.offences(app, world, wanted) == []
    mutate(monkeypatch, app)
    assert matrix.offences(app, world, wanted)
