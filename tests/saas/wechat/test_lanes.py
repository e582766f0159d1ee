"""Lanes: who waits, who comes first, how long a lease lasts; and what a batch costs."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat import consume, lanes, rows
from saas.wechat.lanes import Lanes
from tests.factories.callbacks import fields, text_fields
from tests.factories.queries import count_queries


@pytest.mark.parametrize("statement", [rows.OPEN, lanes.WAITING, lanes.URGENT, lanes.OLDEST])
def test_open_rows_are_read_in_the_order_of_their_index_however_many(tenant, app, statement):
    with enter(system_scope(tenant)):
        db.session.execute(lanes.IN_ORDER)
        given = {"tenant_id": tenant.id, "most": 1000, "most_urgent": 100}
        values = {name: value for name, value in given.items() if f":{name}" in statement.text}
        plan = "\n".join(db.session.scalars(text(f"EXPLAIN {statement.text}"), values))
    assert "Merge Append" in plan
    assert "Bitmap" not in plan
    assert "->  Sort" not in plan


def test_who_asks_for_a_person_does_not_wait_behind_the_others(tenant, send, business, consumer, monkeypatch):
    send("a", "b", "c", "person")
    with enter(system_scope(tenant)):
        db.session.execute(text("UPDATE journal SET urgent = id = (SELECT max(id) FROM journal)"))
        db.session.commit()
    monkeypatch.setattr(consume, "BATCH", 1)
    assert tenant.id in consumer.lanes.urgent()
    assert consumer._visit(tenant.id, most=1) == 2
    assert [inbound.content for inbound in business.seen] == ["a", "person"]
    assert tenant.id not in consumer.lanes.urgent()
    assert consumer._visit(tenant.id, most=0) == 0
    assert consumer.run_once() == 2


def test_between_two_brands_those_who_ask_for_a_person_are_looked_for(
    tenant, make_other_tenant, send, connect, post, business, consumer, monkeypatch
):
    monkeypatch.setattr(consume, "LOOK_SECONDS", -1.0)
    send("a", "b")
    other = connect(owner=make_other_tenant())
    post(other, fields(other, text_fields("c")))
    with enter(system_scope(tenant)):
        db.session.execute(text("UPDATE journal SET urgent = true"))
        db.session.commit()
    monkeypatch.setattr(lanes.Lanes, "waiting", lambda _lanes: [other.tenant_id])
    assert consumer.run_once() == 3
    assert [inbound.content for inbound in business.seen] == ["c", "a", "b"]


def test_a_batch_puts_the_end_of_the_lease_off(tenant, send, business, consumer):
    send("a")
    patient = Lanes(db.engines["platform"], lease_seconds=60)
    with consumer.lanes.claimed(tenant.id) as lane:
        with enter(system_scope(tenant)):
            assert patient.hold(lane)
            db.session.commit()
        assert tenant.id not in patient.waiting()
    consumer.run_once()


@pytest.mark.parametrize("size", [3, 60])
def test_a_batch_takes_as_many_statements_whatever_its_size(tenant, send, business, consumer, size):
    send(*(f"word {number}" for number in range(size)))
    with count_queries() as sent:
        assert consumer.run_once() == size
    assert len(sent) == 16, sent


def test_what_was_drained_from_the_spool_is_as_old_as_its_arrival(tenant, send, consumer):
    send("live", "drained", "live")
    with enter(system_scope(tenant)):
        older = "UPDATE journal SET received_at = now() - interval '20 minutes' WHERE id = (SELECT min(id) + 1 FROM journal)"
        db.session.execute(text(older))
        db.session.commit()
    assert 1200 <= consumer.lanes.oldest_open_seconds() < 1300
    consumer.run_once()


def test_of_a_tenant_no_more_than_a_few_rows_are_looked_at(tenant, send, consumer, monkeypatch):
    monkeypatch.setattr(lanes, "MOST_LOOKED_AT", 1)
    send("live", "drained")
    with enter(system_scope(tenant)):
        db.session.execute(
            text("UPDATE journal SET received_at = '2026-01-01' WHERE id = (SELECT max(id) FROM journal)")
        )
        db.session.commit()
    assert consumer.lanes.oldest_open_seconds() < 60
    consumer.run_once()


def test_open_rows_are_counted(send, business, consumer):
    assert consumer.lanes.count_open() == 0
    send("a", "b")
    assert consumer.lanes.count_open() == 2
    consumer.run_once()
