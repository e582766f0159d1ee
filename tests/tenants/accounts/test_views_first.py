"""The first account of a brand."""

from __future__ import annotations

from flask import Flask

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import make_account
from tests.factories.people import browser_of, make_member, make_tenant


def test_it_is_created_once_and_leads_to_its_connection(app: Flask, tenant: TenantRecord) -> None:
    browser = browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant))
    place = f"/t/{tenant.id}/accounts/first"
    assert "总部号" in browser.get(place).text
    assert browser.post(place, data={"name": ""}).status_code == 422
    answer = browser.post(place, data={"name": "云岫咖啡"})
    assert answer.location.endswith("/account/connect")
    assert browser.get(answer.location).status_code == 200
    assert browser.post(place, data={"name": "第二个"}).status_code in (409, 422)


def test_who_sees_a_part_of_the_tree_creates_no_top(app: Flask, tenant: TenantRecord) -> None:
    manager = browser_of(app, make_member(Role.REGION_MANAGER, tenant=tenant))
    stranger = browser_of(app, make_member(Role.BRAND_HQ, tenant=make_tenant()))
    place = f"/t/{tenant.id}/accounts/first"
    assert manager.post(place, data={"name": "x"}).status_code == 403
    assert stranger.post(place, data={"name": "x"}).status_code == 404
    with enter(system_scope(tenant)):
        assert make_account().kind == "central"
