"""WeChat's door of the inbox."""

from __future__ import annotations

from saas.tenancy.scope import TenantScope
from saas.wechat.batch import Batch
from tenants.inbox.handlers import observe
from tests.factories.accounts import make_tree
from tests.factories.fans import new_openid, observed, row, text
from tests.factories.inbox import hand_over


def test_live_pages_are_told_of_hand_overs_alone(scope: TenantScope) -> None:
    tree, openid = make_tree(), new_openid()
    asked = hand_over(tree.bund, openid)
    observed(asked)
    assert set(observe(Batch((asked,)))) == {"inbox"}
    assert list(observe(Batch((row(tree.bund, text(openid)),)))) == []
