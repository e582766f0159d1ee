"""The sender process: prompt by notification, certain by its sweep, several accounts at once."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from flask import current_app

from saas.db import db, new_id
from saas.tenancy.scope import enter, system_scope
from saas.wechat.outbox import rounds
from saas.wechat.outbox.effects import TemplateMessage
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.planning import CHANNEL, plan
from saas.wechat.outbox.rounds import Rounds
from tests.factories.processes import PATIENCE, wait_for


@pytest.fixture
def turns(app, sender, change):
    """Rounds with the sender of the test's account; other tests' effects are over."""
    with db.engines["platform"].begin() as connection:
        connection.execute(db.text("DELETE FROM outbox WHERE finished_at IS NOT NULL"))
    return Rounds(app, db.engines["platform"], sender)


@pytest.fixture
def running(turns):
    """The process, with a sweep so rare that only notifications wake it; begins, and has found nothing to do."""
    stop, threads = threading.Event(), []

    def begin(url, *, seconds=3600.0):
        rested, rest = threading.Event(), turns._rest
        turns._rest = lambda *values: (rested.set(), rest(*values))
        for target, values in (
            (turns.run_forever, {"stop": stop, "seconds": seconds}),
            (rounds.listen, {"url": url, "wake": turns.wake, "stop": stop}),
        ):
            threads.append(threading.Thread(target=target, kwargs=values))
            threads[-1].start()
        assert rested.wait(PATIENCE)

    yield begin
    stop.set()
    for thread in threads:
        thread.join()


def somebody_listens():
    """Whether a connection to this database has asked to be told of effects."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND query = :said"
    )
    with db.engine.connect() as connection:
        return connection.scalar(db.text(asked), {"said": f"LISTEN {CHANNEL}"}) > 0


def mine(turns, credentials):
    return [place for place in turns.due() if place[1] == credentials.account_id]


def test_the_sweep_alone_is_enough(turns, phone, fans, planned, states, credentials):
    phone.write(fans[0])
    planned(fans[0])
    assert len(mine(turns, credentials)) == 1
    assert turns.sweep() >= 1
    assert (states(), mine(turns, credentials)) == (["done"], [])


def test_what_is_not_due_is_left(turns, phone, fans, planned, change, credentials):
    phone.write(fans[0])
    planned(fans[0])
    change("due_at = now() + interval '1 hour'")
    assert mine(turns, credentials) == []


def test_a_dead_senders_effect_is_due(turns, phone, fans, planned, change, states, credentials):
    phone.write(fans[0])
    planned(fans[0])
    change("state = 'sending', claimed_at = now(), called_at = now(), lease_until = now() + interval '1 hour'")
    assert mine(turns, credentials) == []
    change("lease_until = now()")
    turns.sweep()
    assert states() == ["unknown"]


def test_a_planned_effect_goes_out_at_once(running, config, phone, fans, planned, states):
    running(config.database_url)
    wait_for(somebody_listens, "the process listens")
    phone.write(fans[0])
    planned(fans[0])
    wait_for(lambda: states() == ["done"], "it is sent")


def test_deaf_it_sweeps(running, phone, fans, planned, states):
    running("postgresql://nobody@127.0.0.1:1/none", seconds=0.5)
    phone.write(fans[0])
    planned(fans[0])
    wait_for(lambda: states() == ["done"], "it is sent")


def test_accounts_without_an_answer_hold_up_no_other(turns, sender, tenant, phone, fans, planned):
    """The other account's message is sent while the first four still wait for WeChat."""
    slow, waiting, released = {new_id() for _ in range(4)}, threading.Semaphore(0), threading.Event()
    client_of = sender.caller.client_of

    def clients(account_id):
        if account_id in slow:
            waiting.release()
            released.wait()
        return client_of(account_id)

    turns.sender = replace(sender, caller=replace(sender.caller, client_of=clients))
    with enter(system_scope(tenant)):
        for account_id in slow:
            plan(account_id, TemplateMessage(openid="o", template_id="t", data={}))
        db.session.commit()
    phone.write(fans[0])
    row = planned(fans[0])
    stop = threading.Event()
    process = threading.Thread(target=turns.run_forever, kwargs={"stop": stop, "seconds": 0.5})
    process.start()
    try:
        assert all(waiting.acquire(timeout=PATIENCE) for _ in slow)
        wait_for(lambda: {effect.id: effect.state for effect in read(tenant)}[row.id] == "done", "it is sent")
    finally:
        stop.set()
        released.set()
        process.join()


def read(tenant):
    with enter(system_scope(tenant)):
        return db.session.scalars(db.select(OutboxRow)).all()


def test_a_fault_of_one_round_does_not_end_it(turns, monkeypatch, capsys):
    stop = threading.Event()

    def fail():
        stop.set()
        raise RuntimeError("canary")

    monkeypatch.setattr(turns, "due", fail)
    turns.run_forever(stop, seconds=1)
    printed = capsys.readouterr().out
    assert "sender_round_failed" in printed
    assert "canary" not in printed


def test_the_oldest_open_effect_is_measured(turns, phone, fans, planned, change):
    phone.write(fans[0])
    planned(fans[0])
    change("created_at = now() - interval '100 seconds', due_at = now() + interval '1 hour'")
    turns.due()
    assert rounds.OLDEST_OPEN._value.get() < 90  # nobody has wanted it yet
    change("tries = 1")
    turns.due()
    assert rounds.OLDEST_OPEN._value.get() >= 100


def test_the_process_of_the_program_stops_when_told(app):
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    rounds.run_forever(stop)
    assert current_app.extensions["outbox"].lease_seconds > 0
