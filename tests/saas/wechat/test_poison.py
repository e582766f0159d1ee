"""Poison in numbers: many rows that no observer gets past must not hold up those behind them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat import consume
from saas.wechat.lanes import Lanes

MANY = consume.MOST_POISON + 1


@pytest.fixture
def counts(tenant):
    """How many of the brand's journal rows are in each state, with each number of tries."""

    def count():
        with enter(system_scope(tenant)):
            return Counter(tuple(row) for row in db.session.execute(text("SELECT state, tries FROM journal")))

    return count


@pytest.fixture
def refusing(business):
    """An observer that gets past no row with one of the words."""

    def refuse(*words):
        def observe(batch):
            if any(row.inbound.content in words for row in batch.rows):
                raise ValueError
            return []

        business.observers[:] = [observe]

    return refuse


def test_many_at_the_head_do_not_stop_the_brand(send, refusing, consumer, counts):
    send(*["poison"] * MANY, "good", "good")
    refusing("poison")
    assert consumer.run_once() == 2
    assert counts() == {("done", 0): 2, ("open", 1): MANY}
    for _ in consume.PAUSES:
        send("good")
        assert consumer.run_once() == 1
    assert counts() == {("done", 0): 2 + len(consume.PAUSES), ("quarantined", len(consume.PAUSES) + 1): MANY}


def test_poison_may_be_the_newest_as_well(send, refusing, consumer, counts):
    send(*["poison"] * MANY, *["good"] * MANY, "poison")
    refusing("poison")
    assert consumer.run_once() == MANY
    assert counts() == {("done", 0): MANY, ("open", 1): MANY + 1}


def test_where_nothing_passes_no_try_is_counted_and_the_alarm_is_raised(send, refusing, consumer, counts, capsys):
    send(*["poison"] * 2 * MANY)
    refusing("poison")
    assert consumer.run_once() == 0
    assert counts() == {("open", 0): 2 * MANY}
    assert "every_row_fails" in capsys.readouterr().out


@pytest.fixture
def patient(consumer, left_open_is_done):
    """The consumer with a lease as in production, so that what failed rests."""
    return replace(consumer, lanes=Lanes(db.engines["platform"], lease_seconds=5.0))


@pytest.fixture
def rests(tenant):
    """For how many seconds each open row rests yet; or lets `seconds` go by."""

    def ask(*, seconds=0):
        with enter(system_scope(tenant)):
            db.session.execute(text("UPDATE journal SET due_at = due_at - make_interval(secs => :s)"), {"s": seconds})
            db.session.commit()
            left = "SELECT extract(epoch FROM due_at - now())::float FROM journal WHERE state = 'open'"
            return list(db.session.scalars(text(left)))

    return ask


def test_a_row_rests_between_its_tries_and_longer_each_time(send, refusing, patient, counts, rests):
    send("poison")
    refusing("poison")
    for number, pause in enumerate((1, 30, 300), 1):
        assert patient.run_once() == 0
        assert counts() == {("open", number): 1}
        assert rests() == [pytest.approx(pause, abs=0.9)]
        assert patient.run_once() == 0  # nobody tries it meanwhile
        assert counts() == {("open", number): 1}
        rests(seconds=pause)
    patient.run_once()
    assert counts() == {("quarantined", 4): 1}


def test_others_go_on_while_a_row_rests_and_it_is_done_once_its_trouble_is_over(
    tenant, send, business, refusing, patient, counts, rests
):
    send("person")
    refusing("person")
    patient.run_once()
    assert tenant.id not in patient.lanes.waiting()
    send("good")
    assert patient.run_once() == 1
    refusing()
    business.seen.clear()
    rests(seconds=30)
    assert patient.run_once() == 1
    assert counts() == {("done", 0): 1, ("done", 1): 1}


@pytest.mark.parametrize("urgent", [True, False])
def test_a_brand_of_which_all_rows_rest_is_not_visited(tenant, send, refusing, patient, urgent):
    send("poison")
    with enter(system_scope(tenant)):
        db.session.execute(text("UPDATE journal SET urgent = :urgent"), {"urgent": urgent})
        db.session.commit()
    refusing("poison")
    patient.run_once()
    assert tenant.id not in {*patient.lanes.waiting(), *patient.lanes.urgent()}


def test_what_is_put_aside_is_told_as_an_error(send, refusing, consumer, capsys):
    send("poison")
    refusing("poison")
    for _ in (*consume.PAUSES, "last"):
        consumer.run_once()
    printed = capsys.readouterr().out
    assert printed.count('"is_put_aside": true') == 1
    assert printed.count("row_not_observed") == len(consume.PAUSES) + 1
