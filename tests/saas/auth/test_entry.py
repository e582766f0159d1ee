"""The entry: who comes in, for which tenant, with which right; one audit entry; nothing half done."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.models import AuditEntry, Tenant
from saas.tenancy.scope import TenantRecord, enter, enter_directory, system_scope
from tests.factories.people import browser_of, make_agency, make_member, make_tenant

TENANTS = "/api/v1/tenants"


def audit_of(tenant: TenantRecord) -> list[AuditEntry]:
    with enter(system_scope(tenant)):
        return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.at)))


def test_nobody_is_asked_to_log_in(client: FlaskClient, tenant: TenantRecord) -> None:
    page = client.get("/me/password")
    assert (page.status_code, page.location) == (302, "/login?next=/me/password?")
    answer = client.get(TENANTS)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_a_fragment_is_led_to_the_login_page(client: FlaskClient) -> None:
    answer = client.get("/me/password", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/login")


def test_a_foreign_tenant_answers_as_a_missing_one(client: FlaskClient, tenant: TenantRecord) -> None:
    member = make_member(Role.BRAND_HQ, tenant=tenant)
    foreign = client.get(f"{TENANTS}/{make_tenant().id}", headers=member.bearer)
    missing = client.get(f"{TENANTS}/{new_id()}", headers=member.bearer)
    assert foreign.status_code == missing.status_code == 404
    assert without_request(foreign.json) == without_request(missing.json)


def without_request(body: Any) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "request_id"}


def test_a_change_is_audited_once_with_before_and_after(client: FlaskClient, tenant: TenantRecord) -> None:
    member = make_member(Role.BRAND_HQ, tenant=tenant)
    answer = client.patch(f"{TENANTS}/{tenant.id}", json={"name": "新名字"}, headers=member.bearer)
    assert answer.status_code == 200
    (entry,) = audit_of(tenant)
    assert (entry.user_id, entry.role, entry.action) == (member.user_id, "brand_hq", "tenants_api.update_tenant")
    assert entry.changes[0]["before"] == {"name": tenant.name}
    assert entry.changes[0]["after"]["name"] == "新名字"


def test_a_refused_change_leaves_nothing(client: FlaskClient, tenant: TenantRecord) -> None:
    member = make_member(Role.STORE_MANAGER, tenant=tenant)
    answer = client.patch(f"{TENANTS}/{tenant.id}", json={"name": "x"}, headers=member.bearer)
    assert answer.status_code == 403
    assert audit_of(tenant) == []


def test_a_stale_version_changes_nothing(client: FlaskClient, tenant: TenantRecord) -> None:
    member = make_member(Role.BRAND_HQ, tenant=tenant)
    first = client.patch(f"{TENANTS}/{tenant.id}", json={"name": "一"}, headers=member.bearer | {"If-Match": '"1"'})
    second = client.patch(f"{TENANTS}/{tenant.id}", json={"name": "二"}, headers=member.bearer | {"If-Match": '"1"'})
    assert (first.status_code, second.status_code) == (200, 412)
    assert client.get(f"{TENANTS}/{tenant.id}", headers=member.bearer).json["name"] == "一"


def test_a_repeated_key_creates_once(client: FlaskClient) -> None:
    member = make_member(Role.AGENCY_ADMIN, agency_id=make_agency())
    headers = member.bearer | {"Idempotency-Key": "a"}
    answers = [client.post(TENANTS, json={"name": "新品牌"}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert len(client.get(TENANTS, headers=member.bearer).json["items"]) == 1
    other = client.post(TENANTS, json={"name": "别的"}, headers=headers)
    assert other.status_code == 409


def test_a_token_can_be_narrowed(client: FlaskClient, tenant: TenantRecord) -> None:
    member = make_member(Role.BRAND_HQ, tenant=tenant, scopes=["tenants:view"])
    assert client.get(f"{TENANTS}/{tenant.id}", headers=member.bearer).status_code == 200
    assert client.patch(f"{TENANTS}/{tenant.id}", json={"name": "x"}, headers=member.bearer).status_code == 403


def test_the_cookie_does_not_open_the_api(app: Flask, tenant: TenantRecord) -> None:
    browser = browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant))
    assert browser.get(f"{TENANTS}/{tenant.id}").status_code == 401


def test_the_platform_operator_creates_but_does_not_enter(client: FlaskClient) -> None:
    member = make_member(Role.PLATFORM_ADMIN)
    agency_id = make_agency()
    made = client.post(TENANTS, json={"name": "新品牌", "agency_id": str(agency_id)}, headers=member.bearer)
    assert made.status_code == 201
    assert client.get(f"{TENANTS}/{made.json['id']}", headers=member.bearer).status_code == 404
    assert client.post(TENANTS, json={"name": "x"}, headers=member.bearer).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x" * 61},
        {"name": 3},
        {"name": "a\x00b"},
        {"name": "x", "time_zone": "Mars/Base"},
        [],
        {},
    ],
)
def test_bad_input_is_said_beside_its_field(client: FlaskClient, body: Any) -> None:
    member = make_member(Role.AGENCY_ADMIN, agency_id=make_agency())
    answer = client.post(TENANTS, json=body, headers=member.bearer)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["fields"]
    with enter_directory():
        assert db.session.scalar(select(Tenant).where(Tenant.agency_id.in_([member.membership_id]))) is None
