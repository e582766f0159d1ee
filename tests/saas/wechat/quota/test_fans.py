"""The ledger of fans: granted by acts, spent once, given back, ended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from saas import clock
from saas.arrays import arrays_of
from saas.db import db, new_id
from saas.tenancy.scope import enter, system_scope
from saas.wechat.quota import fans
from saas.wechat.quota.acts import Trigger, changes_of
from tests.factories.callbacks import event_fields, fields, text_fields
from tests.factories.queries import count_queries
from tests.saas.wechat.quota.conftest import OPENID

FOLLOW, LEFT = event_fields("subscribe"), event_fields("unsubscribe")
PAID = event_fields("user_pay_from_pay_cell")


@pytest.fixture
def see(batch):
    """Has the ledger observe callbacks."""

    def observe(*inner, **values):
        assert not list(fans.observe(batch(*inner, **values)))

    return observe


@pytest.fixture
def left(account_id):
    """What is left, by kind of act."""

    def read(openid=OPENID):
        return {str(part.trigger): part.left for part in fans.of_fan(account_id, openid).parts}

    return read


def test_a_message_allows_five_for_two_days(see, left, account_id):
    see(text_fields("在吗"))
    quota = fans.of_fan(account_id, OPENID)
    assert (quota.left, quota.may_send, left()) == (5, True, {"message": 5})
    assert timedelta(hours=47, minutes=59) < quota.until - clock.now() < timedelta(hours=48, minutes=1)


def test_nobody_has_written_nothing_may_go(account_id):
    quota = fans.of_fan(account_id, OPENID)
    assert (quota.left, quota.may_send, quota.until, quota.parts) == (0, False, None, ())


def test_what_ends_first_is_spent_first(see, left, account_id):
    see(text_fields("a"), FOLLOW)
    spent = [fans.spend(account_id, OPENID) for _ in range(9)]
    assert spent == ["follow"] * 3 + ["message"] * 5 + [None]
    assert left() == {"follow": 0, "message": 0}
    assert not fans.of_fan(account_id, OPENID).may_send


def test_a_new_act_starts_afresh_and_does_not_add_up(see, left, account_id):
    see(text_fields("a"))
    fans.spend(account_id, OPENID)
    see(text_fields("b"))
    assert left() == {"message": 5}


def test_a_late_callback_of_an_older_act_takes_nothing_away(see, account_id):
    see(text_fields("a"))
    fans.spend(account_id, OPENID)
    until = fans.of_fan(account_id, OPENID).until
    see(text_fields("b"), at=clock.now() - timedelta(hours=2))
    quota = fans.of_fan(account_id, OPENID)
    assert (quota.until, quota.left) == (until, 4)


def test_what_is_whole_and_young_is_not_written_again(see, account_id):
    now = clock.now()
    see(text_fields("a"), at=now - timedelta(minutes=20))
    first = fans.of_fan(account_id, OPENID).until
    see(text_fields("b"), at=now - timedelta(minutes=11))
    assert fans.of_fan(account_id, OPENID).until == first
    see(text_fields("c"), at=now)
    assert fans.of_fan(account_id, OPENID).until - first >= timedelta(minutes=19)


def test_what_was_spent_of_is_whole_again_with_the_next_act(see, left, account_id):
    see(FOLLOW, text_fields("a"), at=clock.now() - timedelta(seconds=2))
    fans.spend(account_id, OPENID)
    fans.end(account_id, OPENID, new_id())
    see(FOLLOW)
    assert left() == {"follow": 3, "message": 5}


def test_an_act_of_long_ago_allows_nothing(see, left):
    see(text_fields("a"), at=clock.now() - timedelta(hours=49))
    see(FOLLOW, at=clock.now() - timedelta(minutes=2))
    assert left() == {}


def test_after_paying_there_is_no_number(see, account_id):
    see(PAID)
    assert [fans.spend(account_id, OPENID) for _ in range(20)] == ["payment"] * 20
    quota = fans.of_fan(account_id, OPENID)
    assert (quota.left, quota.may_send) == (None, True)


def test_leaving_ends_all(see, left):
    see(text_fields("a"), PAID)
    see(LEFT)
    assert left() == {}


def test_a_late_unfollow_ends_only_what_it_came_after(see, left):
    now = clock.now()
    see(text_fields("a"), PAID, at=now - timedelta(hours=2))
    see(text_fields("b"), at=now)
    see(LEFT, at=now - timedelta(hours=1))
    assert left() == {"message": 5}


def test_another_fan_and_another_account_keep_theirs(see, left, account_id):
    see(text_fields("a"), (text_fields("b"), "o-other"))
    see(LEFT)
    fans.forget(new_id(), "o-other")
    assert (left(), left("o-other")) == ({}, {"message": 5})


def test_what_was_not_sent_counts_again_but_never_more_than_was_granted(see, left, account_id):
    see(text_fields("a"))
    trigger = fans.spend(account_id, OPENID)
    fans.give_back(account_id, OPENID, trigger)
    fans.give_back(account_id, OPENID, trigger)
    assert left() == {"message": 5}


def test_another_brand_sees_nothing(see, make_other_tenant, account_id):
    see(text_fields("a"))
    db.session.commit()
    with enter(system_scope(make_other_tenant())):
        assert fans.of_fan(account_id, OPENID).parts == ()
        assert fans.spend(account_id, OPENID) is None


def test_many_at_once_never_spend_more_than_there_is(app, tenant, see, account_id):
    see(text_fields("a"))
    db.session.commit()

    def spend(_):
        with app.app_context(), enter(system_scope(tenant)):
            trigger = fans.spend(account_id, OPENID)
            db.session.commit()
            return trigger

    with ThreadPoolExecutor(8) as pool:
        assert sorted(map(str, pool.map(spend, range(16)))) == ["None"] * 11 + ["message"] * 5


def test_a_batch_of_any_size_is_two_statements(batch, account_id):
    many = [(text_fields(str(number)), f"o{number:027}") for number in range(300)]
    made = batch(*many, (LEFT, "o-left"))
    with count_queries() as queries:
        fans.observe(made)
    assert len(queries) <= 3  # with the one that names the tenant
    assert db.session.scalar(text("SELECT count(*) FROM allowances")) == 300


def test_each_act_looks_at_its_own_row_alone(batch, see):
    many = [(text_fields(str(number)), f"o{number:027}") for number in range(300)]
    see(*many)
    rows = [fans._row(place, until) for place, until in changes_of(batch(*many[:10]).rows).ends.items()]
    plan = "\n".join(db.session.scalars(text(f"EXPLAIN {fans.GRANT.text}"), arrays_of(rows, fans.ACT)))
    assert "Index Scan using pk_allowances" in plan
    assert "Seq Scan" not in plan
    assert "Bitmap" not in plan


def test_an_act_without_allowance_asks_nothing(batch):
    made = batch(event_fields("VIEW", "<EventKey>u</EventKey>"))
    with count_queries() as queries:
        fans.observe(made)
    assert queries == []


def test_every_trigger_is_one_of_ours(see, left):
    see(text_fields("a"), FOLLOW, PAID, event_fields("SCAN"), event_fields("CLICK"))
    assert set(left()) == set(Trigger)


def test_the_consumer_writes_it_with_what_it_observes(app, tenant, connect, post):
    keys = connect()
    now = int(clock.now().timestamp())
    assert post(keys, fields(keys, text_fields("在吗"), created_at=now)).status_code == 200
    while app.extensions["consumer"].run_once():
        pass
    with enter(system_scope(tenant)):
        assert fans.of_fan(keys.account_id, OPENID).left == 5
