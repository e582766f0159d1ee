"""Conversations: opened by hand-overs, listed by who may see them, resolved by people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from saas import clock
from saas.db import db
from saas.errors import NotFound, StaleVersion
from saas.tenancy.scope import TenantScope, enter, system_scope
from saas.wechat.batch import Batch
from tenants.inbox import services
from tenants.inbox.errors import AlreadyResolved
from tenants.inbox.handlers import observe
from tenants.inbox.models import Conversation
from tenants.inbox.services import ConversationFilter
from tests.factories.accounts import Tree, make_tree
from tests.factories.fans import START, make_fan, new_openid, observed, row, text
from tests.factories.inbox import conversations_with, hand_over, handed_over, make_conversation
from tests.factories.people import make_tenant
from tests.factories.queries import count_queries

HOUR = timedelta(hours=1)


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    return make_tree()


def test_a_hand_over_opens_a_waiting_conversation(tree: Tree) -> None:
    openid = new_openid()
    handed_over(hand_over(tree.bund, openid))
    (one,) = conversations_with(tree.bund, openid)
    assert (one.status, one.reason, one.waiting_since, one.node_id) == ("waiting", "hand_over", START, tree.bund)
    assert services.count_waiting() == 1


def test_other_answers_open_none(tree: Tree) -> None:
    openid = new_openid()
    observed(row(tree.bund, text(openid)))
    assert list(observe(Batch((row(tree.bund, text(openid)),)))) == []
    assert conversations_with(tree.bund, openid) == []


def test_a_second_hand_over_joins_the_first_and_may_make_it_a_complaint(tree: Tree) -> None:
    openid = new_openid()
    handed_over(hand_over(tree.bund, openid), hand_over(tree.bund, openid, at=START + HOUR))
    handed_over(hand_over(tree.bund, openid, at=START + 2 * HOUR, complaint=True))
    (one,) = conversations_with(tree.bund, openid)
    assert (one.status, one.reason, one.waiting_since) == ("waiting", "complaint", START)


def test_consuming_again_after_resolving_opens_none(tree: Tree) -> None:
    openid = new_openid()
    rows = hand_over(tree.bund, openid)
    handed_over(rows)
    (one,) = conversations_with(tree.bund, openid)
    services.resolve_conversation(one)
    db.session.commit()
    handed_over(rows)
    assert [found.status for found in conversations_with(tree.bund, openid)] == ["resolved"]
    handed_over(hand_over(tree.bund, openid, at=clock.now() + HOUR))
    assert [found.status for found in conversations_with(tree.bund, openid)] == ["resolved", "waiting"]


@pytest.fixture
def resolved(tree: Tree) -> str:
    """A fan who asked live and was helped, while an earlier asking of his still lies in the spool."""
    openid = new_openid()
    handed_over(hand_over(tree.bund, openid))
    (one,) = conversations_with(tree.bund, openid)
    services.resolve_conversation(one).resolved_at = START + HOUR
    db.session.commit()
    return openid


@pytest.mark.parametrize(
    ("arrived", "found"),
    [
        (-timedelta(minutes=1), ["resolved"]),
        (HOUR - timedelta(seconds=1), ["resolved"]),
        (HOUR, ["resolved", "waiting"]),
    ],
)
def test_what_was_asked_before_resolving_and_is_read_after_it_opens_none(
    tree: Tree, resolved: str, arrived: timedelta, found: list[str]
) -> None:
    late = hand_over(tree.bund, resolved, at=START + arrived)  # it arrives a second after it happened
    assert list(observe(Batch((late,)))) == (["inbox"] if len(found) > 1 else [])
    assert [one.status for one in conversations_with(tree.bund, resolved)] == found


def test_an_early_asking_in_one_batch_with_a_new_one_hides_it_not(tree: Tree, resolved: str) -> None:
    early = hand_over(tree.bund, resolved, at=START + timedelta(minutes=1), complaint=True)
    handed_over(early, hand_over(tree.bund, resolved, at=START + 2 * HOUR))
    _, opened = conversations_with(tree.bund, resolved)
    assert (opened.status, opened.reason, opened.waiting_since) == ("waiting", "hand_over", START + 2 * HOUR)


def test_resolving_needs_the_present_version_and_happens_once(tree: Tree) -> None:
    one = make_conversation(tree.bund)
    with pytest.raises(StaleVersion):
        services.resolve_conversation(one, version=7)
    services.resolve_conversation(one, version=one.version)
    db.session.flush()
    with pytest.raises(AlreadyResolved):
        services.resolve_conversation(one)


def test_who_sees_a_part_of_the_tree_sees_its_conversations(scope: TenantScope, tree: Tree) -> None:
    east, south = make_conversation(tree.bund), make_conversation(tree.canton)
    narrow = replace(scope, accounts=frozenset({tree.east, tree.bund, tree.lake}))
    with enter(narrow):
        assert [one.id for one in services.list_conversations(ConversationFilter()).items] == [east.id]
        assert services.count_waiting() == 1
        with pytest.raises(NotFound):
            services.access_conversation(south.id)
    with enter(system_scope(make_tenant())), pytest.raises(NotFound):
        services.access_conversation(east.id)


def test_the_list_has_the_longest_waiting_first_and_finds_by_remark(tree: Tree) -> None:
    late, early = make_conversation(tree.bund, at=START + HOUR), make_conversation(tree.lake)
    assert [one.id for one in services.list_conversations(ConversationFilter()).items] == [early.id, late.id]
    fan = make_fan(tree.bund, remark="王女士，常点燕麦拿铁")
    handed_over(hand_over(tree.bund, str(fan.openid)))
    found = services.list_conversations(ConversationFilter(q="燕麦", account_id=tree.east)).items
    assert [one.fan_id for one in found] == [fan.id]
    assert services.list_conversations(ConversationFilter(account_id=tree.south)).items == []
    assert services.count_conversations(ConversationFilter()) == {"waiting": 3}


@pytest.mark.parametrize("fans", [2, 60])
def test_the_statements_do_not_grow_with_the_rows(tree: Tree, fans: int) -> None:
    rows = tuple(hand_over(tree.bund, new_openid()) for _ in range(fans))
    observed(*rows)
    with count_queries() as queries:
        observe(Batch(rows))
    assert len(queries) == 4, queries  # the tenant, the fans, what was resolved, the conversations
    assert db.session.scalar(select(func.count()).select_from(Conversation)) == fans
