"""The numbers of the menu, asked again while a page stays open."""

from __future__ import annotations

from flask import Flask

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import make_account
from tests.factories.people import browser_of, make_member


def test_counts_are_numbers_by_topic(app: Flask, tenant: TenantRecord) -> None:
    with enter(system_scope(tenant)):
        account = make_account().id
    answer = browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant)).get(f"/t/{tenant.id}/a/{account}/counts")

    assert answer.status_code == 200
    assert all(isinstance(count, int) and count > 0 for count in answer.json.values())


def test_a_stranger_counts_nothing(app: Flask, tenant: TenantRecord) -> None:
    with enter(system_scope(tenant)):
        account = make_account().id

    assert app.test_client().get(f"/t/{tenant.id}/a/{account}/counts").status_code == 302
