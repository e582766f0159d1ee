"""The message log."""

from __future__ import annotations

from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import TenantScope
from tenants.fans.services import last_words
from tests.factories.accounts import make_tree
from tests.factories.fans import START, answered, fan_of, follow, new_openid, observed, row
from tests.factories.fans import text as said

TRUSTED = text("SELECT proleakproof FROM pg_proc WHERE oid = 'pg_catalog.arraycontains(anyarray, anyarray)'::regprocedure")


def test_a_search_may_use_the_index_of_words_in_spite_of_row_level_security(scope: TenantScope) -> None:
    # The planner gives a policy's table to an index only for operators that tell nothing of hidden rows.
    assert db.session.scalar(TRUSTED) is True


def test_the_last_words_are_the_fans_own(scope: TenantScope) -> None:
    tree, openid = make_tree(), new_openid()
    observed(
        row(tree.bund, said(openid, "第一句")),
        row(tree.bund, said(openid, "第二句"), at=START.replace(hour=5), answer=answered("回答")),
        row(tree.bund, follow(openid), at=START.replace(hour=6)),
    )
    fan = fan_of(tree.bund, openid)
    assert last_words([fan.id])[fan.id].content == "第二句"
    assert last_words([]) == {}
