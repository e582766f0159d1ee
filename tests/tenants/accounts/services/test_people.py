"""People: invite, change, remove; nobody gives more than they have."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from saas.auth.identity import identify_token
from saas.auth.roles import BRAND_ROLES, Role
from saas.auth.services import accept_invitation
from saas.db import db, new_id
from saas.errors import Forbidden, Invalid, NotFound, StaleVersion
from saas.tenancy.models import Membership
from saas.tenancy.scope import TenantRecord, TenantScope, enter, enter_directory, system_scope
from tenants.accounts import services
from tenants.accounts.models import Grant
from tests.factories.accounts import Tree
from tests.factories.people import make_member, make_tenant
from tests.tenants.accounts.conftest import scope_of


def invite(role: Role = Role.STORE_MANAGER, *accounts) -> tuple[services.Person, str]:
    person, token = services.invite_person(name="吴桐", role=role, account_ids=accounts)
    db.session.commit()
    return person, token


def test_an_invitation_becomes_a_person(tree: Tree, tenant: TenantRecord) -> None:
    person, token = invite(Role.STORE_MANAGER, tree.bund, tree.lake)
    assert person.is_invited
    assert [name for _id, name in person.accounts] == ["外滩店", "西湖店"]
    with enter_directory():
        accept_invitation(token, login=f"13{new_id().int % 10**9:09d}", name="吴桐", password="correct horse battery")
        db.session.commit()
    db.session.expire_all()
    came = services.access_person(person.membership_id)
    assert not came.is_invited
    assert came.login.startswith("13")
    assert services.SeenTree().granted(person.membership_id) == {tree.bund, tree.lake}


def test_only_the_hash_of_a_link_is_kept(tree: Tree) -> None:
    person, token = invite(Role.STORE_MANAGER, tree.bund)
    row = db.session.get_one(Membership, person.membership_id)
    assert row.invitation_hash is not None
    assert token.encode() not in row.invitation_hash
    again = services.invite_again(person)
    assert again != token


def test_roles_above_ones_own_cannot_be_given(tree: Tree, scope: TenantScope, holding) -> None:
    def roles(role: Role) -> list[Role]:
        return list(services.roles_to_give(scope_of(scope, holding(role, tree.east))))

    assert roles(Role.AGENCY_STAFF) == list(BRAND_ROLES)
    assert roles(Role.BRAND_HQ) == list(BRAND_ROLES[1:])
    assert roles(Role.REGION_MANAGER) == [Role.REGION_MANAGER, Role.STORE_MANAGER, Role.INBOX_AGENT]


def test_a_regional_manager_stays_in_the_region(tree: Tree, holding, acting) -> None:
    manager = holding(Role.REGION_MANAGER, tree.east)
    outside = holding(Role.STORE_MANAGER, tree.canton)
    across = holding(Role.INBOX_AGENT, tree.bund, tree.canton)
    with acting(manager):
        person, _token = services.invite_person(name="店长", role=Role.STORE_MANAGER, account_ids=[tree.bund])
        with pytest.raises(NotFound):
            services.invite_person(name="店长", role=Role.STORE_MANAGER, account_ids=[tree.canton])
        with pytest.raises(Forbidden):
            services.invite_person(name="总部", role=Role.BRAND_HQ, account_ids=[])
        with pytest.raises(NotFound):
            services.access_person(outside.membership_id)
        with pytest.raises(Forbidden):
            services.remove_person(services.access_person(across.membership_id))
        services.remove_person(person)


def test_nobody_changes_themself(tree: Tree, holding, acting) -> None:
    hq = holding(Role.BRAND_HQ)
    with acting(hq):
        person = services.access_person(hq.membership_id)
        with pytest.raises(Forbidden):
            services.change_person(person, role=Role.STORE_MANAGER, account_ids=[tree.bund])
        with pytest.raises(Forbidden):
            services.remove_person(person)


def test_headquarters_does_not_touch_the_agency(tree: Tree, holding, acting) -> None:
    staff = holding(Role.AGENCY_STAFF)
    with acting(holding(Role.BRAND_HQ)), pytest.raises(Forbidden):
        services.remove_person(services.access_person(staff.membership_id))


def test_a_narrow_role_needs_an_account(tree: Tree) -> None:
    with pytest.raises(Invalid) as refused:
        invite(Role.STORE_MANAGER)
    assert set(refused.value.fields) == {"account_ids"}


def test_change_of_role_and_accounts(tree: Tree, holding) -> None:
    member = holding(Role.STORE_MANAGER, tree.bund)
    person = services.access_person(member.membership_id)
    changed = services.change_person(person, role=Role.STORE_MANAGER, account_ids=[tree.lake], version=person.version)
    assert [account_id for account_id, _name in changed.accounts] == [tree.lake]
    assert changed.version == person.version + 1
    with pytest.raises(StaleVersion):
        services.change_person(person, role=Role.REGION_MANAGER, account_ids=[tree.east], version=person.version)


def test_removing_ends_tokens_and_grants(tree: Tree, holding) -> None:
    member = holding(Role.STORE_MANAGER, tree.bund)
    services.remove_person(services.access_person(member.membership_id))
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Grant)) == 0
    with enter_directory():
        assert identify_token(member.api_token) is None
    with pytest.raises(NotFound):
        services.access_person(member.membership_id)


def test_people_of_others_are_missing(app: Flask, tree: Tree) -> None:
    other = make_tenant()
    foreign = make_member(Role.BRAND_HQ, tenant=other)
    with pytest.raises(NotFound):
        services.access_person(foreign.membership_id)
    with enter(system_scope(other)):
        assert services.access_person(foreign.membership_id).role is Role.BRAND_HQ


def test_the_list_follows_the_picked_account(tree: Tree, holding) -> None:
    holding(Role.BRAND_HQ)
    holding(Role.STORE_MANAGER, tree.bund)
    holding(Role.STORE_MANAGER, tree.canton)
    assert len(services.page_people(below=tree.central).items) == 3
    assert len(services.page_people(below=tree.east).items) == 1
    assert len(services.page_people(below=tree.central, role="store_manager").items) == 2
    assert len(services.page_people(below=tree.central, search="nobody").items) == 0
