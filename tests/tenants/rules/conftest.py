"""A brand with people of every role, for the doors of rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, TenantScope
from tests.factories.accounts import Tree, make_grant, make_tree
from tests.factories.people import Member, make_member


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    """The brand of the test's tenant."""
    return make_tree()


@pytest.fixture
def member(tenant: TenantRecord, tree: Tree) -> Callable[[Role], Member]:
    """A person of the brand; all but headquarters see the first region only."""

    def made(role: Role) -> Member:
        person = make_member(role, tenant=tenant)
        if role not in {Role.BRAND_HQ, Role.AGENCY_STAFF}:
            make_grant(person.membership_id, tree.east)
        return person

    return made
