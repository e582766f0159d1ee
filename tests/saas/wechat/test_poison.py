"""Poison in numbers: many rows that no observer gets past must not hold up those behind them."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat import consume

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
    for _ in range(consume.MOST_TRIES - 1):
        send("good")
        assert consumer.run_once() == 1
    assert counts() == {("done", 0): 4, ("quarantined", consume.MOST_TRIES): MANY}


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
