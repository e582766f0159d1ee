"""The breaker of one account: opens, lets one try, closes; other accounts go on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_babel import force_locale

from saas.db import new_id
from saas.errors import AppError
from saas.wechat.breaker import Breaker, Breakers, Paused
from saas.wechat.client import WeChatClient
from saas.wechat.errors import WeChatError
from saas.wechat.guard import Guard
from saas.wechat.http import Hosts, WeChatHttp
from saas.wechat.outbox.effects import CustomMessage
from saas.wechat.outbox.states import Failure, State, after_failure


class Clock:
    """Moves by hand."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def hand():
    return Clock()


@pytest.fixture
def breaker(hand):
    return Breaker(failures=3, seconds=30, now=hand)


def fail(breaker, times):
    for _ in range(times):
        breaker.ask()
        breaker.failed()


def test_it_opens_after_failures_in_a_row(breaker):
    fail(breaker, 2)
    breaker.ask()
    breaker.worked()
    fail(breaker, 3)
    with pytest.raises(Paused) as caught:
        breaker.ask()
    assert caught.value.wait.total_seconds() == 30


def test_after_the_pause_one_call_tries(breaker, hand):
    fail(breaker, 3)
    hand.now += 31
    breaker.ask()
    with pytest.raises(Paused):
        breaker.ask()
    breaker.worked()
    breaker.ask()


def test_a_failed_try_opens_it_again_at_once(breaker, hand):
    fail(breaker, 3)
    hand.now += 31
    fail(breaker, 1)
    with pytest.raises(Paused):
        breaker.ask()


def test_a_try_that_was_not_made_leaves_the_next_free(breaker, hand):
    fail(breaker, 3)
    hand.now += 31
    breaker.ask()
    breaker.released()
    breaker.ask()


def test_paused_is_told_in_words_and_is_certainly_not_done(app):
    paused = Paused(timedelta(seconds=25))
    assert isinstance(paused, AppError)
    assert (paused.status, paused.errcode, paused.in_flight) == (503, None, False)
    with app.test_request_context(), force_locale("zh"):
        assert "暂停" in str(paused.shown)
    step = after_failure(CustomMessage.policy, Failure(errcode=None, wait=paused.wait))
    assert (step.state, step.wait) == (State.PLANNED, paused.wait)


def test_accounts_have_their_own_and_only_the_last_are_kept():
    breakers, first, second = Breakers(accounts=1), new_id(), new_id()
    fail(breakers.of(first), 5)
    breakers.of(first)
    assert breakers.of(second) is breakers.of(second)
    breakers.of(first).ask()  # forgotten meanwhile: closed


@pytest.fixture
def guarded(credentials, http, tokens, simulator, breaker):
    """A client whose breaker opens after three failures."""
    return WeChatClient(
        credentials, hosts=Hosts(simulator, simulator), http=http, tokens=tokens, guard=Guard(breaker=breaker)
    )


def test_what_wechat_answers_never_counts(guarded, fault):
    fault(errcodes={"/cgi-bin/user/get": 48001})
    for _ in range(5):
        with pytest.raises(WeChatError) as caught:
            list(guarded.iter_followers())
        assert caught.value.errcode == 48001


def test_a_wechat_that_does_not_answer_opens_it_for_that_account_alone(
    guarded, credentials, http, tokens, simulator, fault, monkeypatch
):
    list(guarded.iter_followers())
    fault(answer_delay=5)
    guarded._api.timeout = (5, 0.1)
    for _ in range(3):
        with pytest.raises(WeChatError) as caught:
            list(guarded.iter_followers())
        assert caught.value.in_flight
    fault(answer_delay=0)
    sent, send = [], http.send
    monkeypatch.setattr(http, "send", lambda request, **options: (sent.append(request), send(request, **options))[1])
    with pytest.raises(Paused):
        list(guarded.iter_followers())
    assert sent == []
    other = WeChatClient(credentials, hosts=Hosts(simulator, simulator), http=http, tokens=tokens)
    list(other.iter_followers())
    assert sent


def test_nobody_listening_opens_it_too(credentials, tokens, breaker):
    hosts = Hosts("http://127.0.0.1:1", "http://127.0.0.1:1")
    with WeChatHttp(hosts) as http:
        client = WeChatClient(credentials, hosts=hosts, http=http, tokens=tokens, guard=Guard(breaker=breaker))
        for _ in range(3):
            with pytest.raises(WeChatError) as caught:
                client.fetch_token()
            assert not caught.value.in_flight
        with pytest.raises(Paused):
            client.fetch_token()
