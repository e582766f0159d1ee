"""WeChat's door of fans."""

from __future__ import annotations

from saas.tenancy.scope import TenantScope
from saas.wechat.batch import Batch
from tenants.fans.handlers import observe
from tenants.fans.services import find_fans
from tests.factories.accounts import make_tree
from tests.factories.fans import follow, new_openid, row


def test_a_batch_is_observed_and_live_pages_are_told(scope: TenantScope) -> None:
    tree, openid = make_tree(), new_openid()
    assert set(observe(Batch((row(tree.bund, follow(openid)),)))) == {"fans"}
    assert find_fans([(tree.bund, openid)])[tree.bund, openid].subscribed


def test_an_empty_batch_is_nothing(scope: TenantScope) -> None:
    observe(Batch(()))
