"""The consumer on a real PostgreSQL: batches, lanes, poison, and kills between any two steps."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import warnings
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat import consume, rows
from saas.wechat.batch import occurred_at
from saas.wechat.lanes import Lanes
from tests.factories.callbacks import fields, text_fields

NOTE = text(
    "INSERT INTO quarantine (tenant_id, id, account_id, key, raw, reason) VALUES (:t, :id, :id, '', '', 'effect')"
)


class Killed(BaseException):
    """Ends the consumer as kill -9 would: no handler of ours runs."""


def states(tenant):
    with enter(system_scope(tenant)):
        return list(db.session.scalars(text("SELECT state FROM journal ORDER BY id")))


def effects(tenant):
    with enter(system_scope(tenant)):
        return db.session.scalar(text("SELECT count(*) FROM quarantine WHERE reason = 'effect'"))


def write_effects(batch):
    """An observer that writes one row per message."""
    for row in batch.rows:
        db.session.execute(NOTE, {"t": rows._tenant_id(), "id": rows.new_id(), "account": row.account_id})
    return ["messages"]


def test_rows_come_in_order_of_arrival(tenant, send, business, consumer):
    send("a", "b", "c")
    assert consumer.run_once() == 3
    assert [inbound.content for inbound in business.seen] == ["a", "b", "c"]
    assert states(tenant) == ["done"] * 3
    assert consumer.run_once() == 0


def test_a_row_carries_its_answer_and_times(send, business, consumer):
    seen = []
    business.observers.append(lambda batch: seen.extend(batch.rows) or [])
    send("a")
    consumer.run_once()
    (row,) = seen
    assert row.answer.reply.content == "echo a"
    assert (row.answer.origin.capability, row.answer.origin.id) == ("fake", "rule-1")
    assert row.occurred_at == row.received_at - timedelta(days=7)


def test_times_are_held_near_the_arrival(send, business, consumer):
    seen = []
    business.observers.append(lambda batch: seen.extend(batch.rows) or [])
    send("a")
    consumer.run_once()
    arrival = seen[0].received_at
    assert occurred_at(int(arrival.timestamp()), arrival) == arrival.replace(microsecond=0)
    assert occurred_at(2**50, arrival) == arrival + timedelta(days=7)
    assert occurred_at(-1, arrival) == arrival - timedelta(days=7)


def test_another_holder_keeps_the_lane(tenant, send, business, app):
    send("a")
    lanes = Lanes(db.engines["platform"], lease_seconds=60)
    with lanes.claimed(tenant.id) as lane:
        assert lane is not None
        assert tenant.id not in lanes.waiting()
        with lanes.claimed(tenant.id) as second:
            assert second is None
    assert tenant.id in lanes.waiting()


def test_who_lost_the_lane_writes_nothing(tenant, send, business, consumer):
    send("a")
    business.observers.append(write_effects)
    with consumer.lanes.claimed(tenant.id) as lane, consumer.lanes.claimed(tenant.id) as newer:
        assert newer.fence == lane.fence + 1
        assert consumer._drain(lane) == 0
    assert (states(tenant), effects(tenant)) == (["open"], 0)


@pytest.mark.parametrize("step", ["open_ids", "claim", "mark_done", "announce"])
def test_killed_before_a_step_nothing_is_lost_or_doubled(tenant, send, business, consumer, monkeypatch, step):
    send("a", "b")
    business.observers.append(write_effects)
    with monkeypatch.context() as patch:
        patch.setattr(rows, step, _kill)
        with pytest.raises(Killed):
            consumer.run_once()
    assert (states(tenant), effects(tenant)) == (["open"] * 2, 0)
    assert consumer.run_once() == 2
    assert (states(tenant), effects(tenant)) == (["done"] * 2, 2)


def test_killed_after_the_commit_nothing_is_doubled(tenant, send, business, consumer, monkeypatch):
    send("a", "b")
    business.observers.append(write_effects)
    with monkeypatch.context() as patch:
        patch.setattr(consume.CONSUMED, "inc", _kill)
        with pytest.raises(Killed):
            consumer.run_once()
    assert consumer.run_once() == 0
    assert (states(tenant), effects(tenant)) == (["done"] * 2, 2)


def test_poison_is_found_by_halving_and_put_aside(tenant, send, business, consumer):
    send("a", "b", "poison", "c", "d")
    business.observers += [_refuse_poison, write_effects]
    assert consumer.run_once() == 4
    assert states(tenant) == ["done", "done", "open", "done", "done"]
    assert [consumer.run_once() for _ in consume.PAUSES] == [0] * len(consume.PAUSES)
    assert states(tenant)[2] == "quarantined"
    assert effects(tenant) == 4
    with enter(system_scope(tenant)):
        reasons = list(db.session.scalars(text("SELECT reason FROM quarantine WHERE reason <> 'effect'")))
    assert reasons == ["ValueError"]


def test_where_every_row_fails_none_is_put_aside(tenant, send, business, consumer, app):
    send(*(f"m{number}" for number in range(consume.MOST_POISON + 5)))
    business.observers.append(_refuse_all)
    hurried = replace(consumer, lanes=Lanes(db.engines["platform"], lease_seconds=0.01))
    for _ in range(len(consume.PAUSES) + 2):
        assert hurried.run_once() == 0
        time.sleep(0.02)
    assert set(states(tenant)) == {"open"}
    business.observers.clear()
    assert hurried.run_once() == consume.MOST_POISON + 5


def test_a_brand_whose_rows_all_fail_holds_up_no_other(
    tenant, make_other_tenant, connect, post, send, business, consumer
):
    send(*(f"m{number}" for number in range(consume.MOST_POISON)))
    other = make_other_tenant()
    keys = connect(owner=other)
    post(keys, fields(keys, text_fields("fine")))
    business.observers.append(
        lambda batch: _refuse_all(batch) if len(batch.rows) and batch.rows[0].inbound.content != "fine" else []
    )
    assert consumer.run_once() == 1
    assert (set(states(tenant)), states(other)) == ({"open"}, ["done"])


def _refuse_all(batch):
    raise ValueError


def test_a_fault_is_named_without_what_the_fan_wrote(tenant, send, business, consumer, capsys):
    send("poison")
    business.observers.append(_refuse_poison)
    consumer.run_once()
    printed = capsys.readouterr().out
    assert "row_not_observed" in printed
    assert "ValueError" in printed
    assert "test_consume.py" in printed
    assert "poisonous" not in printed


def test_trouble_of_the_database_is_no_rows_fault(tenant, send, business, consumer):
    send("a")
    business.observers.append(_lose_connection)
    with pytest.raises(OperationalError):
        consumer.run_once()
    business.observers.clear()
    assert consumer.run_once() == 1


def test_topics_are_announced_on_commit(tenant, send, business, consumer, config):
    send("a")
    business.observers.append(lambda _batch: ["messages", "figures"])
    with psycopg.connect(config.database_url, autocommit=True) as listener:
        listener.execute("LISTEN live")
        consumer.run_once()
        notice = next(listener.notifies(timeout=5, stop_after=1))
    assert json.loads(notice.payload) == {"tenant": str(tenant.id), "topics": ["figures", "messages"]}


def test_each_tenant_is_observed_apart(send, tenant, make_other_tenant, connect, post, business, consumer):
    other = connect(owner=make_other_tenant())
    batches = []
    business.observers.append(lambda batch: batches.append(rows._tenant_id()) or [])
    send("a", "b")
    post(other, fields(other, text_fields("c")))
    assert consumer.run_once() == 3
    assert sorted(batches) == sorted([tenant.id, other.tenant_id])


def test_the_oldest_open_row_is_measured(send, consumer):
    assert consumer.lanes.oldest_open_seconds() == 0
    send("a")
    assert 0 < consumer.lanes.oldest_open_seconds() < 60
    consumer.run_once()


def test_it_runs_until_told_to_stop(tenant, send, business, consumer, app):
    stop = threading.Event()
    business.observers.append(lambda _batch: stop.set() or ["messages"])
    send("a")
    consume.run_forever(stop)
    assert states(tenant) == ["done"]


def test_it_outlives_a_fault_of_the_database(tenant, send, business, consumer, monkeypatch):
    stop = threading.Event()
    faults = [OperationalError("", {}, psycopg.errors.AdminShutdown())]

    def observe(_batch):
        if faults:
            raise faults.pop()
        stop.set()
        return []

    monkeypatch.setattr(consume, "FAULT_SECONDS", 0)
    monkeypatch.setattr(consume.current_app.extensions["consumer"].lanes, "lease_seconds", 0.0)
    business.observers.append(observe)
    send("a")
    consume.run_forever(stop)
    assert states(tenant) == ["done"]


def test_killed_with_nine_the_next_goes_on(tenant, send, business, consumer, app):
    send("a", "b")
    business.observers.append(write_effects)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of other tests: the child starts none
        child = os.fork()
    if child == 0:  # the consumer that dies: its own connections, then the signal that nobody can catch
        for engine in db.engines.values():
            engine.dispose(close=False)
        business.observers.append(lambda _batch: os.kill(os.getpid(), signal.SIGKILL))
        consumer.run_once()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert _eventually(consumer.run_once) == 2
    assert (states(tenant), effects(tenant)) == (["done"] * 2, 2)


def _eventually(run):
    # PostgreSQL notices a vanished client within moments; until then the rows stay locked.
    for _ in range(100):
        if done := run():
            return done
        time.sleep(0.05)
    return 0


def _kill(*_args, **_values):
    raise Killed


def _refuse_poison(batch):
    if any(row.inbound.content == "poison" for row in batch.rows):
        raise ValueError("poisonous words")
    return []


def _lose_connection(_batch):
    raise OperationalError("", {}, psycopg.errors.AdminShutdown())
