"""The way of an effect: every step there is, and what follows from each outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saas.wechat.outbox.effects import CustomMessage, TemplateMessage
from saas.wechat.outbox.states import (
    DONE,
    MOST_TRIES,
    OPEN,
    STEPS,
    Failure,
    Policy,
    Reason,
    State,
    Step,
    after_death,
    after_failure,
    before_call,
    before_it_called,
)

NEVER = timedelta(0)
ONCE, KEYED = CustomMessage.policy, TemplateMessage.policy
MASS = Policy(window=timedelta(hours=20), pause=timedelta(seconds=60), done=frozenset({45065}), waits={45066: 60})
"""As a mass send will have it: WeChat knows its key for a day, and wants a minute between two calls."""
CUT = Failure(errcode=None, in_flight=True)
UNREACHED = Failure(errcode=None)


def test_what_is_over_stays_so():
    assert STEPS[State.DONE] == STEPS[State.REFUSED] == frozenset()
    assert STEPS[State.UNKNOWN] == {State.DONE, State.REFUSED}
    assert set(STEPS) == set(State)
    assert set(OPEN) == {State.PLANNED, State.SENDING}


@pytest.mark.parametrize(
    ("policy", "failure", "unclear_for", "state", "wait"),
    [
        # no key: whatever may have arrived is never repeated
        (ONCE, CUT, None, State.UNKNOWN, 0),
        (ONCE, UNREACHED, None, State.PLANNED, 10),
        (ONCE, Failure(errcode=-1, in_flight=True), None, State.UNKNOWN, 0),
        (ONCE, Failure(errcode=-1), None, State.PLANNED, 10),  # too busy for a token: the call was not made
        (ONCE, Failure(errcode=45047), None, State.REFUSED, 0),
        (ONCE, Failure(errcode=45009, wait=timedelta(hours=9)), None, State.PLANNED, 9 * 3600),
        (ONCE, Failure(errcode=45011), None, State.PLANNED, 60),
        (ONCE, Failure(errcode=61005), None, State.PLANNED, 60),
        (ONCE, Failure(errcode=None, wait=timedelta(seconds=25)), None, State.PLANNED, 25),
        # a key: repeated while WeChat knows it
        (KEYED, CUT, None, State.PLANNED, 10),
        (KEYED, CUT, timedelta(minutes=8), State.PLANNED, 10),
        (KEYED, CUT, timedelta(minutes=9), State.UNKNOWN, 0),
        (KEYED, Failure(errcode=-1, in_flight=True), None, State.PLANNED, 10),
        (KEYED, Failure(errcode=-1, in_flight=True), timedelta(minutes=9), State.UNKNOWN, 0),
        (KEYED, Failure(errcode=45009, wait=timedelta(hours=9)), timedelta(minutes=1), State.UNKNOWN, 0),
        (KEYED, UNREACHED, timedelta(minutes=1), State.PLANNED, 10),
        (KEYED, UNREACHED, timedelta(minutes=9), State.UNKNOWN, 0),
        (KEYED, Failure(errcode=43004), None, State.REFUSED, 0),
        # an earlier call may have worked: a later no doesn't take it back
        (KEYED, Failure(errcode=43004), timedelta(minutes=1), State.UNKNOWN, 0),
        (MASS, CUT, None, State.PLANNED, 60),
        (MASS, Failure(errcode=45065), timedelta(minutes=2), State.DONE, 0),
        (MASS, Failure(errcode=45066), timedelta(minutes=1), State.PLANNED, 60),
        (MASS, Failure(errcode=45066), None, State.PLANNED, 60),
        (MASS, Failure(errcode=45028), None, State.REFUSED, 0),
        (MASS, CUT, timedelta(hours=20), State.UNKNOWN, 0),
    ],
)
def test_what_follows_from_a_failure(policy, failure, unclear_for, state, wait):
    step = after_failure(policy, failure, unclear_for=unclear_for)
    assert (step.state, step.wait) == (state, timedelta(seconds=wait))
    assert step.state in STEPS[State.SENDING]
    assert step.errcode == failure.errcode


def test_a_day_that_is_over_is_waited_for_while_it_is_of_use():
    failure = Failure(errcode=45009, wait=timedelta(hours=9))
    assert after_failure(KEYED, failure, age=timedelta(hours=15)).state is State.PLANNED
    late = after_failure(KEYED, failure, age=timedelta(hours=16))
    assert (late.state, late.reason, late.is_clear) == (State.REFUSED, Reason.ANSWER, True)


@pytest.mark.parametrize(
    ("failure", "is_unanswered"),
    [(CUT, True), (UNREACHED, True), (Failure(errcode=-1, in_flight=True), False), (Failure(errcode=45011), False)],
)
def test_whether_wechat_answered_is_told(failure, is_unanswered):
    assert after_failure(KEYED, failure).is_unanswered is is_unanswered
    assert not DONE.is_unanswered
    assert not Step(state=State.REFUSED, reason=Reason.UNSENDABLE).is_unanswered


def test_whether_a_call_was_clear_is_kept():
    assert after_failure(ONCE, UNREACHED).is_clear
    assert not after_failure(KEYED, CUT).is_clear
    assert not after_failure(KEYED, UNREACHED, unclear_for=timedelta(minutes=1)).is_clear
    assert not after_failure(ONCE, CUT).is_clear
    assert after_failure(ONCE, Failure(errcode=45015)).is_clear


def test_a_dead_senders_effect_is_repeated_only_with_a_key():
    assert after_death(ONCE, unclear_for=NEVER).state is State.UNKNOWN
    assert after_death(KEYED, unclear_for=timedelta(seconds=30)).state is State.PLANNED
    assert after_death(KEYED, unclear_for=timedelta(minutes=10)).state is State.UNKNOWN
    assert after_death(MASS, unclear_for=timedelta(minutes=10)).wait == timedelta(seconds=60)


def test_a_sender_that_died_before_its_call_has_sent_nothing():
    again = before_it_called(ONCE, tries=MOST_TRIES - 1, unclear_for=None)
    assert (again.state, again.is_clear) == (State.PLANNED, True)
    given_up = before_it_called(ONCE, tries=MOST_TRIES, unclear_for=None)
    assert (given_up.state, given_up.reason, given_up.is_clear) == (State.REFUSED, Reason.FAULT, True)
    assert not before_it_called(KEYED, tries=1, unclear_for=timedelta(minutes=1)).is_clear
    assert before_it_called(KEYED, tries=MOST_TRIES, unclear_for=timedelta(minutes=1)).state is State.UNKNOWN


def test_before_a_call_age_and_key_are_looked_at():
    assert before_call(ONCE, age=timedelta(hours=1), unclear_for=None) is None
    assert before_call(ONCE, age=timedelta(days=3), unclear_for=None).state is State.REFUSED
    assert before_call(KEYED, age=timedelta(minutes=5), unclear_for=timedelta(minutes=5)) is None
    assert before_call(KEYED, age=timedelta(minutes=15), unclear_for=timedelta(minutes=9)).state is State.UNKNOWN
    late = before_call(MASS, age=timedelta(days=3), unclear_for=timedelta(minutes=5))
    assert (late.state, late.reason) == (State.UNKNOWN, Reason.LATE)
