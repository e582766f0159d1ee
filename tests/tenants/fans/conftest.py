"""A brand with a tree, and people of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import Tree, make_grant, make_tree
from tests.factories.people import Member, browser_of, make_member


@pytest.fixture
def brand_tree(tenant: TenantRecord) -> Tree:
    with enter(system_scope(tenant)):
        return make_tree()


@pytest.fixture
def hq(tenant: TenantRecord) -> Member:
    return make_member(Role.BRAND_HQ, tenant=tenant)


@pytest.fixture
def keeper(tenant: TenantRecord, brand_tree: Tree) -> Member:
    """The manager of one store."""
    member = make_member(Role.STORE_MANAGER, tenant=tenant)
    with enter(system_scope(tenant)):
        make_grant(member.membership_id, brand_tree.bund)
    return member


@pytest.fixture
def browse(app: Flask) -> Callable[[Member], FlaskClient]:
    return lambda member: browser_of(app, member)
