"""Where each role lands, and what it sees there."""

from __future__ import annotations

import pytest

from saas import clock
from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.scope import enter, system_scope
from tenants.accounts.models import Grant
from tests.factories.backlog import late_callback
from tests.factories.figures import followed, observe, said
from tests.factories.people import browser_of, make_agency, make_member, make_tenant
from tests.tenants.kpi.conftest import grow


@pytest.fixture
def tree(scope):
    """A brand with a message of today."""
    made = grow()
    now = clock.now()
    observe([followed(made.store, moment=now), said(made.store, moment=now)])
    db.session.commit()
    return made


def test_nobody_is_led_to_the_log_in(client):
    response = client.get("/")
    assert (response.status_code, response.location) == (302, "/login")


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.PLATFORM_ADMIN, "/platform"), (Role.AGENCY_ADMIN, "/overview"), (Role.AGENCY_STAFF, "/overview")],
)
def test_those_of_several_brands_land_above_them(whole_app, tenant, role, place):
    wide = {"tenant": None, "agency_id": tenant.agency_id} if role is Role.AGENCY_ADMIN else {"tenant": tenant}
    browser = browser_of(whole_app, make_member(role, **({} if role is Role.PLATFORM_ADMIN else wide)))
    assert browser.get("/").location == place
    page = browser.get(place)
    assert page.status_code == 200, page.text


def test_headquarters_lands_on_the_brand(whole_app, tenant, tree):
    browser = browser_of(whole_app, make_member(Role.BRAND_HQ, tenant=tenant))
    page = browser.get("/", follow_redirects=True)
    assert page.status_code == 200, page.text
    assert page.request.path == f"/t/{tenant.id}/a/{tree.hq}/"
    assert "互动量" in page.text


def test_agents_land_in_the_inbox(whole_app, tenant, tree):
    agent = make_member(Role.INBOX_AGENT, tenant=tenant)
    with enter(system_scope(tenant)):
        db.session.add(Grant(membership_id=agent.membership_id, account_id=tree.store))
        db.session.commit()
    assert browser_of(whole_app, agent).get(f"/t/{tenant.id}/a/{tree.store}/").location.endswith("/inbox")


@pytest.mark.parametrize("role", [Role.REGION_MANAGER, Role.STORE_MANAGER])
def test_managers_land_on_what_is_theirs(whole_app, tenant, tree, role):
    manager = make_member(role, tenant=tenant)
    with enter(system_scope(tenant)):
        db.session.add(Grant(membership_id=manager.membership_id, account_id=tree.region))
        db.session.commit()
    page = browser_of(whole_app, manager).get("/", follow_redirects=True)
    assert page.status_code == 200, page.text
    assert page.request.path == f"/t/{tenant.id}/a/{tree.region}/"


def test_a_new_brand_begins_with_its_first_account(whole_app, tenant):
    browser = browser_of(whole_app, make_member(Role.BRAND_HQ, tenant=tenant))
    assert browser.get(f"/t/{tenant.id}/").status_code == 200


def test_the_overview_has_a_line_for_each_brand_of_the_agency(whole_app, tenant, tree):
    other = make_tenant(agency_id=tenant.agency_id, name="晴野茶")
    foreign = make_tenant(agency_id=make_agency(), name="不相干")
    browser = browser_of(whole_app, make_member(Role.AGENCY_ADMIN, agency_id=tenant.agency_id))
    text = browser.get("/overview").text
    assert str(tenant.id) in text
    assert str(other.id) in text
    assert str(foreign.id) not in text


def test_the_operator_sees_counts_and_no_content(whole_app, tenant, tree):
    browser = browser_of(whole_app, make_member(Role.PLATFORM_ADMIN))
    text = browser.get("/platform").text
    assert tenant.name in text
    assert "静安寺店" not in text
    assert browser.get(f"/t/{tenant.id}/").status_code == 404


def test_the_operator_is_told_of_a_consumer_that_is_behind(whole_app, app, tenant):
    browser = browser_of(whole_app, make_member(Role.PLATFORM_ADMIN))
    with late_callback(tenant):
        assert 'alert-danger" role="alert"' in browser.get("/platform").text


@pytest.mark.parametrize("place", ["/overview", "/platform"])
def test_brand_people_have_no_overview(whole_app, tenant, place):
    browser = browser_of(whole_app, make_member(Role.STORE_MANAGER, tenant=tenant))
    assert browser.get(place).status_code == 403


def test_foreign_and_missing_accounts_look_alike(whole_app, tenant, tree):
    browser = browser_of(whole_app, make_member(Role.BRAND_HQ, tenant=tenant))
    assert browser.get(f"/t/{tenant.id}/a/{new_id()}/").status_code == 404
    stranger = browser_of(whole_app, make_member(Role.BRAND_HQ, tenant=make_tenant()))
    assert stranger.get(f"/t/{tenant.id}/a/{tree.hq}/").status_code == 404
    assert stranger.get(f"/t/{tenant.id}/").status_code == 404
