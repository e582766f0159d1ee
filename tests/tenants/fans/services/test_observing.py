"""What the journal's rows leave behind, whatever the order they come in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from saas.db import db
from saas.tenancy.scope import TenantScope
from tenants.fans.models import Fan, Message
from tests.factories.accounts import Tree, make_tree
from tests.factories.fans import START, answered, fan_of, follow, new_openid, observed, row, text, unfollow


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    return make_tree()


def test_a_follow_makes_a_fan_of_the_account(tree: Tree) -> None:
    openid = new_openid()
    observed(row(tree.bund, follow(openid)))
    fan = fan_of(tree.bund, openid)
    assert (fan.subscribed, fan.subscribed_at, fan.source, fan.node_id) == (True, START, "unknown", tree.bund)
    assert fan.alias is not None
