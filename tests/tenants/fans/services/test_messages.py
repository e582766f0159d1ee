"""The message log."""

from __future__ import annotations

from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import TenantScope
from tenants.fans.services import MessageFilter, last_words, list_messages
from tests.factories.accounts import make_tree
from tests.factories.fans import START, answered, fan_of, follow, new_openid, observed, row
from tests.factories.fans import text as said

TRUSTED = text(
    "SELECT proleakproof FROM pg_proc WHERE oid = 'pg_catalog.arraycontains(anyarray, anyarray)'::regprocedure"
)


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


def test_every_word_of_a_search_must_be_there_in_any_order(scope: TenantScope) -> None:
    tree, openid, other = make_tree(), new_openid(), new_openid()
    observed(
        row(tree.bund, said(openid, "燕麦拿铁能做冰的吗，我在朝阳区 ABC")),
        row(tree.bund, said(openid, "朝阳区有店吗")),
        row(tree.bund, said(other, "朝阳区 燕麦")),
    )
    fan_id = fan_of(tree.bund, openid).id

    def found(q: str) -> list[str]:
        page = list_messages(tree.bund, MessageFilter(q=q, fan_id=fan_id))
        return [line.content[:4] for line in page.items]

    assert found("朝阳区 燕麦") == found("abc　燕麦拿铁") == ["燕麦拿铁"]
    assert len(found("朝阳区")) == 2
