"""From journal rows to figures: everything once, in the right place, and equal to a recount."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat.batch import Batch
from saas.wechat.dispatch import Answer
from saas.wechat.messages import Click, Image, LocationReport, PicturesPicked, Scan, TemplateSent, Unsubscribe, View
from saas.wechat.replies import TransferReply
from tenants.accounts.services import access_account, move_account
from tenants.fans.services import erase_fan, erase_own, find_fans
from tenants.kpi.handlers import observe as observe_figures
from tenants.kpi.services.monthly import list_months, read_brand
from tenants.kpi.services.recount import compare_with_facts, rebuild_from_facts
from tests.factories.figures import ANSWERED, NOON, act, at, followed, observe, said
from tests.factories.people import make_tenant
from tests.factories.queries import count_queries
from tests.tenants.kpi.conftest import Tree, grow

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
MINUTE = timedelta(minutes=1)


def months(month=MARCH):
    return {one.line.id: one.figures for one in list_months(read_brand(), month)}


def test_a_message_counts_once_in_own_and_subtree(tree: Tree):
    row = said(tree.store)
    assert observe([followed(tree.store), row]) == {"kpi"}
    assert not observe([row])
    found = months()
    assert found[tree.store].own["interactions"] == 1
    assert found[tree.store].own["replies_robot"] == 1
    assert found[tree.store].own["followers_total"] == 1
    assert found[tree.hq].own["interactions"] == 0
    assert found[tree.hq].subtree["interactions"] == 1
    assert not compare_with_facts()


def test_what_is_no_interaction_is_not_counted(tree: Tree):
    fields = at()
    observe([
        followed(tree.store),
        act(tree.store, LocationReport(**fields, event="LOCATION", latitude=1.0, longitude=1.0)),
        act(tree.store, TemplateSent(**fields, job_id="1", status="success")),
        act(tree.store, Unsubscribe(**fields)),
    ])  # fmt: skip
    own = months()[tree.store].own
    assert (own["followers_new"], own["followers_lost"], own["followers_net"]) == (1, 1, 0)
    assert (own["interactions"], own["replies_robot"], own["messages_unanswered"]) == (0, 0, 0)


def test_taps_and_scans_count_and_the_welcome_is_no_reply(tree: Tree):
    fields = at()
    observe([
        followed(tree.store),
        act(tree.store, Click(**fields, event_key="menu"), answer=ANSWERED),
        act(tree.store, View(**fields, event_key="https://example.test")),
        act(tree.store, Scan(**fields, event_key="table")),
    ])  # fmt: skip
    own = months()[tree.store].own
    assert (own["interactions"], own["replies_robot"], own["messages_unanswered"]) == (3, 1, 0)


def test_a_tap_and_the_pictures_that_follow_are_one(tree: Tree):
    tap = act(tree.store, PicturesPicked(**at(), event="pic_weixin", event_key="k", count=2))
    pictures = [act(tree.store, Image(**at(NOON + n * MINUTE / 2), message_id=f"{n}", media_id="m")) for n in range(3)]
    observe([tap, pictures[0]])
    observe(pictures[1:])
    own = months()[tree.store].own
    assert own["interactions"] == 2  # the tap with its two pictures, and a third one by itself


def test_so_they_are_when_the_tap_is_read_last(tree: Tree):
    picture = act(tree.store, Image(**at(NOON + MINUTE / 2), message_id="1", media_id="m"))
    observe([picture])
    observe([act(tree.store, PicturesPicked(**at(), event="pic_weixin", event_key="k", count=1))])
    own = months()[tree.store].own
    assert (own["interactions"], own["messages_unanswered"]) == (1, 1)
    assert not compare_with_facts()
    assert not compare_with_facts()


def test_hand_overs_and_complaints(tree: Tree):
    desk = Answer(TransferReply())
    person = replace(ANSWERED, effects=("hand_over", "complaint"))
    observe([said(tree.store, answer=desk), said(tree.store, answer=person), said(tree.store, answer=Answer())])
    own = months()[tree.store].own
    assert (own["handed_over"], own["complaints"]) == (2, 1)
    assert (own["replies_robot"], own["messages_unanswered"]) == (1, 1)


def test_a_fan_of_two_days_is_one_fan_of_the_month(tree: Tree):
    observe([said(tree.store), said(tree.store, moment=NOON + timedelta(days=1))])
    observe([said(tree.store, moment=NOON + timedelta(days=2)), said(tree.store, "another")])
    assert months()[tree.store].own["fans_interacting"] == 2


def test_days_are_those_of_the_tenant(tree: Tree):
    observe([said(tree.store, moment=datetime(2026, 3, 31, 15, 59, tzinfo=UTC))])
    observe([said(tree.store, moment=datetime(2026, 3, 31, 16, 1, tzinfo=UTC))])
    assert months(MARCH)[tree.store].own["interactions"] == 1
    assert months(APRIL)[tree.store].own["interactions"] == 1


def test_a_late_event_counts_for_its_own_day_and_moves_every_total_after_it(tree: Tree):
    observe([followed(tree.store, "b", moment=NOON + timedelta(days=30))])
    observe([followed(tree.store, "a", moment=NOON)])
    assert months(MARCH)[tree.store].own["followers_total"] == 1
    assert months(APRIL)[tree.store].own["followers_total"] == 2


def test_a_moved_account_keeps_its_past(tree: Tree):
    observe([said(tree.store)])
    move_account(access_account(tree.store), parent_id=tree.hq)
    observe([said(tree.store)])
    assert months()[tree.region].subtree["interactions"] == 2
    assert not compare_with_facts()


def test_an_erased_fan_leaves_every_figure(tree: Tree):
    observe([followed(tree.store), said(tree.store)])
    before = months()[tree.store].own
    (ref,) = find_fans([(tree.store, "fan")]).values()
    erase_fan(ref.id, [erase_own])
    db.session.flush()
    assert months()[tree.store].own == before
    assert not compare_with_facts()


@pytest.mark.parametrize("size", [2, 300])
def test_a_batch_takes_the_same_few_statements_whatever_its_size(tree: Tree, size):
    rows = [said(tree.store, f"fan{n}") for n in range(size)]
    observe(rows[:1])
    with count_queries() as sent:
        observe_figures(Batch(tuple(rows)))
    assert len(sent) == 3  # the fans, the lock that keeps a rebuild out, the facts with all their sums


def test_the_rebuild_gives_what_the_consumer_gave(tree: Tree):
    observe([followed(tree.store), said(tree.store), said(tree.store, "b", moment=NOON + timedelta(days=25))])
    before = months(MARCH), months(APRIL)
    rebuild_from_facts()
    assert (months(MARCH), months(APRIL)) == before


FANS = st.sampled_from(["a", "b", "c"])
MOMENTS = st.integers(-20, 30).flatmap(lambda days: st.integers(0, 86_399).map(lambda s: NOON + timedelta(days, s)))
ACTS = st.one_of(
    st.tuples(st.just("said"), FANS, MOMENTS),
    st.tuples(st.just("silent"), FANS, MOMENTS),
    st.tuples(st.just("followed"), FANS, MOMENTS),
    st.tuples(st.just("by code"), FANS, MOMENTS),
    st.tuples(st.just("left"), FANS, MOMENTS),
    st.tuples(st.just("picked"), FANS, MOMENTS),
    st.tuples(st.just("pictured"), FANS, MOMENTS),
)


def made(tree: Tree, kind: str, fan: str, moment: datetime):
    """A journal row of a generated act."""
    rows = {
        "said": lambda: said(tree.store, fan, moment=moment),
        "silent": lambda: said(tree.store, fan, moment=moment, answer=Answer(effects=("hand_over",))),
        "followed": lambda: followed(tree.store, fan, moment=moment),
        "by code": lambda: followed(tree.store, fan, moment=moment, scene="corner"),
        "left": lambda: act(tree.store, Unsubscribe(**at(moment, fan))),
        "picked": lambda: act(tree.store, PicturesPicked(**at(moment, fan), event="pic_weixin", count=1)),
        "pictured": lambda: act(tree.store, Image(**at(moment, fan), message_id=f"{moment}", media_id="m")),
    }
    return rows[kind]()


BATCHES = st.lists(ACTS, min_size=1, max_size=6)
DEEDS = st.sampled_from(["erase a fan", "move the store", "send the first batch again"])


def happen(tree: Tree, deed: str, first: list) -> None:
    """Something that must not touch a figure that is there already."""
    if deed == "erase a fan":
        for ref in find_fans([(tree.store, "a")]).values():
            erase_fan(ref.id, [erase_own])
    elif deed == "move the store":
        store = access_account(tree.store)
        move_account(store, parent_id=tree.hq if store.parent_id == tree.region else tree.region)
    else:
        observe(first)
    db.session.flush()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=BATCHES, rest=st.lists(st.one_of(BATCHES, DEEDS), max_size=6))
def test_what_the_consumer_adds_up_is_what_a_recount_finds(app, first, rest):
    with enter(system_scope(make_tenant())):
        tree = grow()
        sent = [made(tree, *one) for one in first]
        observe(sent)
        for one in rest:
            if isinstance(one, str):
                happen(tree, one, sent)
            else:
                observe([made(tree, *each) for each in one])
        assert compare_with_facts() == []
