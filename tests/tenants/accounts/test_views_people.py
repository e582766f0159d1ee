"""The pages of people: nobody gives more than they have, what changes counts at once, and the audit tells it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from saas.auth.roles import Role
from saas.db import db
from saas.tenancy.models import AuditEntry
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import Tree, make_grant, make_tree
from tests.factories.people import Member, browser_of, make_member, make_tenant


@dataclass(frozen=True)
class Office:
    """A region's office: its manager's browser, and the address of its people."""

    tenant: TenantRecord
    tree: Tree
    browser: FlaskClient
    people: str

    def holder(self, role: Role, *accounts: UUID) -> Member:
        """Somebody with a role on some accounts."""
        member = make_member(role, tenant=self.tenant)
        with enter(system_scope(self.tenant)):
            for account_id in accounts:
                make_grant(member.membership_id, account_id)
        return member

    def audited(self) -> list[AuditEntry]:
        """The audit of the brand, the newest last."""
        with enter(system_scope(self.tenant)):
            return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.at)))


@pytest.fixture
def office(app: Flask, tenant: TenantRecord) -> Office:
    with enter(system_scope(tenant)):
        tree = make_tree()
    manager = make_member(Role.REGION_MANAGER, tenant=tenant)
    with enter(system_scope(tenant)):
        make_grant(manager.membership_id, tree.east)
    return Office(tenant, tree, browser_of(app, manager), f"/t/{tenant.id}/a/{tree.east}/people")


@pytest.mark.parametrize("role", [Role.PLATFORM_ADMIN, Role.AGENCY_ADMIN, Role.AGENCY_STAFF, Role.BRAND_HQ])
def test_a_regional_manager_invites_nobody_above(office: Office, role: Role) -> None:
    invited = {"name": "新人", "role": role.value, "account_ids[]": [str(office.tree.bund)]}
    assert office.browser.post(f"{office.people}/new", data=invited).status_code == 403
    store = office.holder(Role.STORE_MANAGER, office.tree.bund)
    assert office.browser.post(f"{office.people}/{store.membership_id}", data=invited).status_code == 403


def test_accounts_of_others_cannot_be_granted(app: Flask, office: Office) -> None:
    with enter(system_scope(make_tenant())):
        foreign = make_tree()
    store = office.holder(Role.STORE_MANAGER, office.tree.bund)
    for account_id in (office.tree.canton, office.tree.central, foreign.bund):
        granted = {"name": "新人", "role": "store_manager", "account_ids[]": [str(account_id)]}
        assert office.browser.post(f"{office.people}/new", data=granted).status_code == 404
        assert office.browser.post(f"{office.people}/{store.membership_id}", data=granted).status_code == 404


@pytest.mark.parametrize("act", ["", "/link", "/remove"])
def test_people_out_of_reach_stay_as_they_are(office: Office, act: str) -> None:
    tree = office.tree
    reached = {
        office.holder(Role.BRAND_HQ).membership_id: 404,
        office.holder(Role.STORE_MANAGER, tree.canton).membership_id: 404,
        office.holder(Role.STORE_MANAGER, tree.canton, tree.bund).membership_id: 403,
        make_member(Role.STORE_MANAGER, tenant=make_tenant()).membership_id: 404,
    }
    wanted = {"role": "inbox_agent", "account_ids[]": [str(tree.bund)]}
    found = {one: office.browser.post(f"{office.people}/{one}{act}", data=wanted).status_code for one in reached}
    assert found == reached


def test_a_new_role_counts_at_once_and_is_told_with_the_old_one(app: Flask, office: Office) -> None:
    tree, store = office.tree, office.holder(Role.STORE_MANAGER, office.tree.bund)
    rules = f"/t/{office.tenant.id}/a/{tree.bund}/rules/new"
    browser = browser_of(app, store)
    before = browser.get(rules).status_code
    changed = {"role": "inbox_agent", "account_ids[]": [str(tree.lake)], "version": "1"}
    assert office.browser.post(f"{office.people}/{store.membership_id}", data=changed).status_code == 302
    assert (before, browser.get(rules).status_code) == (200, 404)
    assert browser.get(rules.replace(str(tree.bund), str(tree.lake))).status_code == 403
    changes = {(one["kind"], one["table"]): one for one in office.audited()[-1].changes}
    assert changes["update", "memberships"]["before"]["role"] == "store_manager"
    assert changes["update", "memberships"]["after"]["role"] == "inbox_agent"
    assert changes["delete", "grants"]["before"]["account_id"] == str(tree.bund)
    assert changes["create", "grants"]["after"]["account_id"] == str(tree.lake)
    assert office.browser.post(f"{office.people}/{store.membership_id}", data=changed).status_code == 412


def test_whoever_is_removed_is_out_at_once(app: Flask, office: Office) -> None:
    store = office.holder(Role.STORE_MANAGER, office.tree.bund)
    browser, page = browser_of(app, store), f"/t/{office.tenant.id}/a/{office.tree.bund}/tokens"
    assert browser.get(page).status_code == 200
    assert (
        office.browser.post(f"{office.people}/{store.membership_id}/remove", data={"version": "1"}).status_code == 302
    )
    assert browser.get(page).status_code == 404
    api = app.test_client().get(f"/api/v1/tenants/{office.tenant.id}", headers=store.bearer)
    assert api.status_code == 401
    assert {(one["kind"], one["table"]) for one in office.audited()[-1].changes} == {
        ("delete", "grants"),
        ("delete", "memberships"),
    }
