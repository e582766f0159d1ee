"""The sender's threads: what they may have open at once, whom some are kept free of, and what they leave when they stop."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import requests
from sqlalchemy import event, text

from saas.db import POOL, db, new_id
from saas.security.secrets import box_of, deployment_ring
from saas.tenancy.scope import NO_TENANT, enter, system_scope
from saas.wechat.component.api import ComponentApi
from saas.wechat.component.events import Ticket
from saas.wechat.component.plug import tickets
from saas.wechat.component.tokens import AuthorizerTokenStore
from saas.wechat.outbox import rounds
from saas.wechat.outbox.rounds import CONNECTIONS, SPARE, THREADS, Rounds
from saas.wechat.outbox.states import Reason, State, Step
from saas.wechat.tokens import Issued, TokenStore
from tests.factories.component import COMPONENT


@pytest.fixture
def turns(app, sender):
    """Rounds with a sender of this test's own."""
    return Rounds(app, db.engines["platform"], sender)


class Pool:
    """Begins nothing."""

    def __init__(self):
        self.given = []

    def submit(self, _work, place, _stop):
        self.given.append(place)


@pytest.fixture
def hand_out(turns, monkeypatch):
    """The accounts that get a thread of those that are due."""

    def run(due):
        pool = Pool()
        monkeypatch.setattr(turns, "due", lambda: due)
        turns._hand_out(pool, threading.Event())
        return pool.given

    return run


def test_some_threads_are_kept_free_of_accounts_without_an_answer(turns, hand_out):
    silent, other = [(new_id(), new_id()) for _ in range(THREADS)], [(new_id(), new_id()) for _ in range(3)]
    turns.sender.unanswered.update(account_id for _, account_id in silent)
    assert hand_out([*silent, *other]) == [*silent[: THREADS - SPARE], *other]
    assert hand_out([*silent, *other]) == []
    turns.working.discard(silent[0])
    assert hand_out(silent[1:]) == [silent[THREADS - SPARE]]
    turns.sender.unanswered.discard(silent[-1][1])
    assert hand_out(silent[-1:]) == silent[-1:]


@pytest.fixture
def kept(sender, tenant, planned, phone, fans):
    """An outcome that only this process knows."""
    phone.write(fans[0])
    row = planned(fans[0])
    with enter(system_scope(tenant)):
        db.session.execute(
            text("UPDATE outbox SET state = 'sending', fence = 1, lease_until = now() + interval '1 hour'")
        )
        db.session.commit()
        row = db.session.get_one(type(row), (tenant.id, row.id))
    sender.kept.append((tenant, row, Step(state=State.REFUSED, reason=Reason.ANSWER, errcode=48001)))


def test_each_round_writes_what_could_not_be_written(turns, kept, states, monkeypatch):
    stop, seen = threading.Event(), []
    monkeypatch.setattr(turns, "due", lambda: (seen.append(states()), stop.set(), [])[2])
    turns.run_forever(stop, seconds=1)
    assert seen == [["refused"]]


def test_so_does_a_process_that_shall_stop(turns, kept, states):
    stop = threading.Event()
    stop.set()
    turns.run_forever(stop, seconds=1)
    assert states() == ["refused"]


def test_what_is_lost_with_the_process_is_told(turns, kept, effects, monkeypatch, capsys):
    monkeypatch.setattr(rounds, "LAST_SECONDS", 0.0)
    monkeypatch.setattr(type(turns.sender), "settle_kept", lambda _: False)
    turns._settle_last()
    assert "outcomes_lost" in (printed := capsys.readouterr().out)
    assert str(effects()[0].id) in printed


@pytest.fixture
def most_open():
    """The most connections that were open at once."""
    count = {"now": 0, "most": 0}

    def taken(*_):
        count["now"] += 1
        count["most"] = max(count.values())

    def given_back(*_):
        count["now"] -= 1

    event.listen(db.engine, "checkout", taken)
    event.listen(db.engine, "checkin", given_back)
    yield lambda: count["most"]
    event.remove(db.engine, "checkout", taken)
    event.remove(db.engine, "checkin", given_back)


@pytest.fixture
def scanned(tenant, credentials, http, monkeypatch):
    """The tokens of an account that was scanned; nothing is kept but a refresh token, and the platform's ticket."""
    component = replace(COMPONENT, app_id=f"wxcomp{credentials.account_id.hex[:16]}")
    tickets(component).keep(Ticket("ticket", 1))
    monkeypatch.setattr(http, "post", answer_with_tokens)
    own = TokenStore(db.engine, deployment_ring(), NO_TENANT, component.id, component.app_id)
    api = ComponentApi(component, http=http, tokens=own, tickets=tickets(component))
    renew = lambda renewal: api.renew(credentials.app_id, renewal)  # noqa: E731
    place = (tenant.id, credentials.account_id, credentials.app_id)
    with enter(system_scope(tenant)):
        store = AuthorizerTokenStore(db.engine, box_of(tenant.id), *place, exchange=renew)
    with store.locked() as keep:
        keep(store.app_id, Issued("ended", 0, "renewal"))
    with store._transaction() as connection:
        connection.execute(text("UPDATE wechat_tokens SET expires_at = clock_timestamp()"))
    return store


def answer_with_tokens(*_, **__):
    answer = requests.Response()
    tokens = '"component_access_token": "platform", "authorizer_access_token": "account"'
    answer.status_code, answer._content = 200, f'{{{tokens}, "expires_in": 7200}}'.encode()
    return answer


def test_the_pool_is_large_enough_for_all_threads_at_once(tenant, scanned, most_open):
    """A thread that finds no connection waits half a minute for one that another such thread holds."""
    with enter(system_scope(tenant)):
        db.session.execute(text("SELECT 1"))  # a file's upload looks for the file first
        assert scanned.current(None) == "account"
    assert most_open() == CONNECTIONS
    assert db.engine.pool.size() + db.engine.pool._max_overflow == sum(POOL.values()) > THREADS * CONNECTIONS
