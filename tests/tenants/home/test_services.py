"""What the landing pages are made of."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from saas.auth.identity import Identity, MembershipRecord
from saas.auth.permissions import AuthPermission
from saas.auth.roles import Role
from saas.capability import Todo
from saas.db import db, new_id
from saas.tenancy.scope import scope_or_none
from tenants.home.services.brands import list_brands
from tenants.home.services.deployment import count_tenants, read_health
from tenants.home.services.homes import list_todos, read_home
from tests.factories.figures import observe, said
from tests.factories.people import make_tenant
from tests.tenants.kpi.conftest import grow

GRANTS = {role: frozenset[str]() for role in Role} | {
    Role.AGENCY_ADMIN: frozenset({AuthPermission.OVERVIEW_VIEW}),
    Role.AGENCY_STAFF: frozenset({AuthPermission.OVERVIEW_VIEW}),
}


def person(*memberships: MembershipRecord) -> Identity:
    return Identity(user_id=new_id(), name="顾明川", language="zh", memberships=memberships)


def offering(count: int) -> SimpleNamespace:
    return SimpleNamespace(todo=lambda: [Todo(label="会话", count=count, endpoint="inbox.index", icon="inbox")])


def test_only_what_waits_is_to_be_done(scope):
    assert [todo.count for todo in list_todos([offering(3), offering(0), SimpleNamespace(todo=None)])] == [3]


def test_the_home_of_the_whole_brand_has_figures_and_who_is_silent(tree):
    home = read_home(tree.hq, [])
    assert home.report is not None
    assert [part.value for part in home.parts] == ["figures", "todo", "silent"]


@pytest.mark.parametrize(("role", "sees"), [(Role.AGENCY_STAFF, True), (Role.BRAND_HQ, False)])
def test_the_overview_reaches_as_far_as_the_role(tenant, tree, role, sees):
    lines = list_brands(person(MembershipRecord(new_id(), role, tenant.id, None)), GRANTS, [])
    assert [line.tenant.id for line in lines] == ([tenant.id] if sees else [])


def test_an_administrator_sees_the_brands_of_the_agency_alone(tenant, tree):
    make_tenant(name="不相干")
    sister = make_tenant(agency_id=tenant.agency_id, name="晴野茶")
    lines = list_brands(person(MembershipRecord(new_id(), Role.AGENCY_ADMIN, None, tenant.agency_id)), GRANTS, [])
    assert {line.tenant.id for line in lines} == {tenant.id, sister.id}


def test_a_line_counts_what_waits_and_leaves_no_scope_behind(tenant, tree):
    before = scope_or_none()
    (line,) = list_brands(
        person(MembershipRecord(new_id(), Role.AGENCY_STAFF, tenant.id, None)), GRANTS, [offering(2), offering(5)]
    )
    assert (line.waiting, line.connected, line.is_red) == (7, 3, True)
    assert scope_or_none() is before


def test_the_operator_counts_and_reads_no_content(tenant, tree):
    (mine,) = [one for one in count_tenants() if one.id == tenant.id]
    assert (mine.accounts, mine.members) == (0, 0)
    assert read_health().callbacks_open >= 0


@pytest.fixture
def tree(scope):
    """A brand with one message of long ago."""
    made = grow()
    observe([said(made.store)])
    db.session.commit()
    return made
