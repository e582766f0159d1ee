"""The sender process: prompt by notification, certain by its sweep, several accounts at once."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest
from flask import current_app

from saas.db import db, new_id
from saas.tenancy.scope import enter, system_scope
from saas.wechat.outbox import rounds
from saas.wechat.outbox.effects import TemplateMessage
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.planning import plan
from saas.wechat.outbox.rounds import Rounds


@pytest.fixture
def turns(app, sender, change):
    """Rounds with the sender of the test's account; other tests' effects are over."""
    with db.engines["platform"].begin() as connection:
        connection.execute(db.text("DELETE FROM outbox WHERE finished_at IS NOT NULL"))
    return Rounds(app, db.engines["platform"], sender)


@pytest.fixture
def running(turns):
    """The process, with a sweep so rare that only notifications wake it; says how to begin."""
    stop, threads = threading.Event(), []

    def begin(url, *, seconds=60.0):
        for target, values in (
            (turns.run_forever, {"stop": stop, "seconds": seconds}),
            (rounds.listen, {"url": url, "wake": turns.wake, "stop": stop}),
        ):
            threads.append(threading.Thread(target=target, kwargs=values))
            threads[-1].start()
        time.sleep(0.5)

    yield begin
    stop.set()
    for thread in threads:
        thread.join()


def eventually(read, wanted):
    for _ in range(60):
        if read() == wanted:
            return True
        time.sleep(0.1)
    return False


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
    phone.write(fans[0])
    planned(fans[0])
    assert eventually(states, ["done"])


def test_deaf_it_sweeps(running, phone, fans, planned, states):
    running("postgresql://nobody@127.0.0.1:1/none", seconds=0.5)
    phone.write(fans[0])
    planned(fans[0])
    assert eventually(states, ["done"])


def test_accounts_without_an_answer_hold_up_no_other(turns, sender, tenant, phone, fans, planned):
    """The other account's message is sent while the first four still wait for WeChat."""
    slow, waiting, released = {new_id() for _ in range(4)}, threading.Semaphore(0), threading.Event()
    client_of = sender.caller.client_of

    def clients(account_id):
        if account_id in slow:
            waiting.release()
            released.wait(20)
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
        assert all(waiting.acquire(timeout=10) for _ in slow)
        assert eventually(lambda: {effect.id: effect.state for effect in read(tenant)}[row.id], "done")
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
