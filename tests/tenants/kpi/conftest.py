"""A small brand: 总部 with a region and two stores; the second store lives on the first one's codes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from saas.db import db
from saas.tenancy.scope import TenantScope
from tenants.accounts.domain import Kind
from tests.factories.figures import make_channel, make_node


@dataclass(frozen=True)
class Tree:
    """The ids of the nodes."""

    hq: UUID
    region: UUID
    store: UUID
    corner: UUID
    """A store without an account of its own."""
    bare: UUID
    """A store that nobody can count."""


def grow() -> Tree:
    """The nodes, in the present scope."""
    hq = make_node("云岫咖啡", Kind.CENTRAL, app_id="yes")
    region = make_node("华东", Kind.REGION, hq, app_id="yes")
    store = make_node("静安寺店", Kind.STORE, region, app_id="yes")
    corner = make_node("大学路店", Kind.STORE, region)
    bare = make_node("新天地店", Kind.STORE, region)
    make_channel(store, corner, "corner")
    return Tree(hq, region, store, corner, bare)


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    """The brand of the test's tenant, committed."""
    made = grow()
    db.session.commit()
    return made
