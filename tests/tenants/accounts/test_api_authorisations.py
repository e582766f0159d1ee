"""The JSON door of an authorisation: the link, and what a scan has given."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, TenantScope, enter, system_scope
from tests.factories.accounts import Tree, make_account
from tests.factories.component import authorise
from tests.factories.people import Member

Holding = Callable[..., Member]


@pytest.fixture
def app(platform: Flask) -> Iterator[Flask]:
    """The application of a deployment that is a platform."""
    with platform.app_context():
        yield platform


def test_a_program_gets_the_link_and_what_was_given(
    client: FlaskClient, holding: Holding, tree: Tree, scope: TenantScope
) -> None:
    hq, manager = holding(Role.BRAND_HQ), holding(Role.STORE_MANAGER, tree.bund)
    base = f"/api/v1/tenants/{scope.tenant.id}/accounts/{tree.bund}"
    before = client.get(f"{base}/authorisation", headers=hq.bearer).json
    assert (before["authorised_at"], before["permission_sets"]) == (None, [])
    assert before["expires_at"]
    authorise(tree.bund)
    link = client.get(f"{base}/authorisation", headers=hq.bearer).json
    assert link["permission_sets"] == [1, 2, 15]
    assert client.get(link["url"].removeprefix("http://localhost")).status_code == 200
    assert client.get(f"{base}/authorisation", headers=manager.bearer).status_code == 403
    shown = client.get(base, headers=hq.bearer).json
    assert (shown["connection"], shown["mode"], shown["service_type"]) == ("component", "safe", "service")
    same = {name: shown[name] for name in ("connection", "app_id", "mode", "verified")}
    assert client.patch(base, json=same, headers=hq.bearer).status_code == 200
    typed = client.patch(base, json={"mode": "plain"}, headers=hq.bearer)
    assert (typed.status_code, typed.json["code"]) == (409, "connected_by_scan")
    other = f"/api/v1/tenants/{scope.tenant.id}/accounts/{tree.lake}"
    asked = client.patch(other, json={"connection": "component"}, headers=hq.bearer)
    assert (asked.status_code, list(asked.json["fields"])) == (422, ["connection"])


def test_without_a_platform_a_program_hears_why(whole_app: Flask, tenant: TenantRecord, holding: Holding) -> None:
    with whole_app.app_context(), enter(system_scope(tenant)):
        account_id = make_account().id
        address = f"/api/v1/tenants/{tenant.id}/accounts/{account_id}/authorisation"
        answer = whole_app.test_client().get(address, headers=holding(Role.BRAND_HQ).bearer)
    assert (answer.status_code, answer.json["code"]) == (409, "component_not_set_up")
