"""Taking on a new brand: by its agency or by the platform's operator, and by nobody else."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from sqlalchemy import select

from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.models import Tenant
from saas.tenancy.scope import TenantRecord, enter_directory
from tests.factories.people import browser_of, make_agency, make_member

FORM = {"name": "新品牌", "time_zone": "Asia/Shanghai"}


def brands_of(agency_id: UUID) -> list[str]:
    with enter_directory():
        return list(db.session.scalars(select(Tenant.name).where(Tenant.agency_id == agency_id)))


def test_an_agency_creates_a_brand_and_goes_on_to_its_first_account(app: Flask) -> None:
    agency_id = make_agency()
    browser = browser_of(app, make_member(Role.AGENCY_ADMIN, agency_id=agency_id))
    assert "新建品牌" in browser.get("/brands/new").text
    answer = browser.post("/brands/new", data=FORM, follow_redirects=True)
    assert answer.status_code == 200
    assert "/accounts/first" in answer.text
    assert brands_of(agency_id) == ["新品牌"]


def test_the_operator_names_the_agency_and_enters_no_brand(app: Flask) -> None:
    agency_id = make_agency()
    browser = browser_of(app, make_member(Role.PLATFORM_ADMIN))
    assert browser.post("/brands/new", data=FORM).status_code == 422
    assert browser.post("/brands/new", data=FORM | {"agency_id": str(new_id())}).status_code == 422
    assert browser.post("/brands/new", data=FORM | {"agency_id": str(agency_id)}).location == "/platform"
    assert brands_of(agency_id) == ["新品牌"]


def test_an_agency_can_not_create_for_another(app: Flask) -> None:
    other = make_agency()
    browser = browser_of(app, make_member(Role.AGENCY_ADMIN, agency_id=make_agency()))
    assert browser.post("/brands/new", data=FORM | {"agency_id": str(other)}).status_code == 422
    assert brands_of(other) == []


def test_a_brand_creates_no_brands(app: Flask, tenant: TenantRecord) -> None:
    browser = browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant))
    assert browser.get("/brands/new").status_code == 403
    assert browser.post("/brands/new", data=FORM).status_code == 403
