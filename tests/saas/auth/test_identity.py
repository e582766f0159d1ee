"""Who is behind a cookie or a token, with which of several roles; what a token opens."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.models import Membership
from saas.tenancy.scope import TenantRecord, enter, enter_directory, system_scope
from tests.factories.accounts import make_tree
from tests.factories.people import browser_of, make_agency, make_member, make_tenant


def people_page(tenant: TenantRecord) -> str:
    with enter(system_scope(tenant)):
        tree = make_tree()
        db.session.commit()
    return f"/t/{tenant.id}/a/{tree.central}/people"


def give(tenant: TenantRecord, user_id: object, role: Role) -> None:
    with enter_directory():
        db.session.add(Membership(id=new_id(), user_id=user_id, tenant_id=tenant.id, role=role))
        db.session.commit()


def test_an_agency_administrator_stays_one_where_a_smaller_role_is_held(app: Flask) -> None:
    agency = make_agency()
    tenant = make_tenant(agency_id=agency)
    member = make_member(Role.AGENCY_ADMIN, agency_id=agency)
    give(tenant, member.user_id, Role.INBOX_AGENT)
    assert browser_of(app, member).get(people_page(tenant)).status_code == 200


@pytest.mark.parametrize("roles", [(Role.INBOX_AGENT, Role.BRAND_HQ), (Role.BRAND_HQ, Role.INBOX_AGENT)])
def test_of_two_roles_in_a_brand_the_higher_counts(app: Flask, tenant: TenantRecord, roles: tuple[Role, Role]) -> None:
    member = make_member(roles[0], tenant=tenant)
    give(tenant, member.user_id, roles[1])
    assert browser_of(app, member).get(people_page(tenant)).status_code == 200


@pytest.mark.parametrize("path", ["/me/sessions", "/me/password"])
def test_a_token_opens_no_page(client: FlaskClient, tenant: TenantRecord, path: str) -> None:
    member = make_member(Role.BRAND_HQ, tenant=tenant)
    assert client.get(path, headers=member.bearer).status_code == 302


def test_a_narrow_token_makes_no_wider_one(client: FlaskClient, tenant: TenantRecord) -> None:
    member = make_member(Role.BRAND_HQ, tenant=tenant, scopes=["tokens:edit", "tokens:view"])
    page = people_page(tenant).replace("/people", "/tokens")
    assert client.post(page, data={"name": "wide"}, headers=member.bearer).status_code == 302
    assert client.post("/me/sessions/revoke-all", headers=member.bearer).location.startswith("/login")
    with enter_directory():
        assert db.session.get_one(Membership, member.membership_id).disabled_at is None


@pytest.mark.parametrize("kind", ["Bearer", "bearer", "BEARER"])
def test_the_kind_of_a_token_is_read_in_any_case(client: FlaskClient, tenant: TenantRecord, kind: str) -> None:
    member = make_member(Role.BRAND_HQ, tenant=tenant)
    header = {"Authorization": f"{kind} {member.api_token}"}
    assert client.get(f"/api/v1/tenants/{tenant.id}", headers=header).status_code == 200
    assert client.get(f"/api/v1/tenants/{tenant.id}", headers={"Authorization": "Basic x"}).status_code == 401
