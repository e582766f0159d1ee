"""The way of an effect: its states, and what follows from each outcome of a call. Pure.

planned → sending (committed before the call) → done | refused | unknown. What WeChat can tell a repeat of goes back to
planned while that lasts; anything else cut in flight becomes unknown, which no machine ever repeats. Whoever made the call
may still turn unknown into what it heard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

LATER: Mapping[int, int] = {-1: 10, 45011: 60, 61005: 60, 61006: 60}
"""Refused for the moment, certainly not done: seconds until the next try. Busy (-1) only where the call was not made."""
DAY_OVER = 45009
"""Refused until the failure's `wait` is over."""
OVER: frozenset[int] = frozenset({43004, 43019, 45015, 45047, 48002, 50005})
"""Nothing may go to this fan until the next act of theirs."""


class State(StrEnum):
    """Where an effect stands."""

    PLANNED = "planned"
    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why nothing was sent, or why nobody knows."""

    NONE = ""
    ALLOWANCE = "allowance"
    """The fan's allowance has ended or is used up."""
    ANSWER = "answer"
    """WeChat's answer: see the error code."""
    CUT = "cut"
    """The call was cut in flight."""
    DIED = "died"
    """Whoever sent it was killed in between."""
    ERASED = "erased"
    """The fan was forgotten before it went out."""
    FAULT = "fault"
    """Our own mistake."""
    LATE = "late"
    """Too late to be of use."""
    UNSENDABLE = "unsendable"
    """The account is not connected, or the file is gone."""


STEPS: Mapping[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.SENDING, State.REFUSED, State.UNKNOWN}),
    State.SENDING: frozenset({State.PLANNED, State.DONE, State.REFUSED, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.DONE, State.REFUSED}),
    State.DONE: frozenset(),
    State.REFUSED: frozenset(),
}
OPEN = (State.PLANNED, State.SENDING)
MOST_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What WeChat promises for a kind of effect. Without a window there is no key: at most once."""

    window: timedelta | None = None
    """How long after the first call WeChat knows a repeat by its key, with a margin."""
    pause: timedelta = timedelta(seconds=10)
    """The least time between two calls with one key."""
    good_for: timedelta = timedelta(days=2)
    """How long after planning it is still of use."""
    done: frozenset[int] = frozenset()
    """Error codes that say: it was done by an earlier call."""
    waits: Mapping[int, int] = field(default_factory=dict)
    """Error codes that say: not yet; seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A call that brought no success. `in_flight`: it may have worked all the same."""

    errcode: int | None
    in_flight: bool = False
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What becomes of the effect: its next state, and for `planned` how long to wait.

    `is_clear`: certainly nothing was done by this call.
    """

    state: State
    reason: Reason = Reason.NONE
    errcode: int | None = None
    wait: timedelta = timedelta(0)
    is_clear: bool = True
    wechat_id: str | None = None

    @property
    def is_unanswered(self) -> bool:
        """Whether WeChat was not reached, or did not say what became of the call."""
        return self.errcode is None and self.reason in (Reason.ANSWER, Reason.CUT)


DONE = Step(state=State.DONE)


def before_call(policy: Policy, *, age: timedelta, unclear_for: timedelta | None) -> Step | None:
    """Whether it can't go out any more: too old to be of use, or an earlier call too old for WeChat to know a repeat."""
    if unclear_for is not None and (policy.window is None or unclear_for >= policy.window):
        return Step(state=State.UNKNOWN, reason=Reason.CUT, is_clear=False)
    if age <= policy.good_for:
        return None
    return Step(state=State.REFUSED if unclear_for is None else State.UNKNOWN, reason=Reason.LATE)


def after_failure(
    policy: Policy, failure: Failure, *, age: timedelta = timedelta(0), unclear_for: timedelta | None = None
) -> Step:
    """What follows; `age` is the effect's, `unclear_for` the time since an earlier call that may have worked, if there was."""
    if failure.errcode in policy.done:
        return Step(state=State.DONE, errcode=failure.errcode)
    if failure.in_flight:
        return _unclear(policy, failure, unclear_for or timedelta(0), Reason.CUT)
    wait = _wait(policy, failure)
    if wait is None or (failure.errcode == DAY_OVER and age + wait > policy.good_for):
        return _ended(failure, State.REFUSED if unclear_for is None else State.UNKNOWN, Reason.ANSWER)
    if unclear_for is not None:
        return _unclear(policy, failure, unclear_for, Reason.ANSWER)
    return Step(state=State.PLANNED, reason=Reason.ANSWER, errcode=failure.errcode, wait=wait)


def after_death(policy: Policy, *, unclear_for: timedelta) -> Step:
    """What becomes of an effect whose sender never came back from its call."""
    return _unclear(policy, Failure(errcode=None, in_flight=True), unclear_for, Reason.DIED)


def before_it_called(policy: Policy, *, tries: int, unclear_for: timedelta | None) -> Step:
    """What becomes of an effect whose sender ended before its call: another try, unless none of so many got that far."""
    if tries < MOST_TRIES:
        return after_failure(policy, Failure(errcode=None), unclear_for=unclear_for)
    return _ended(Failure(errcode=None), State.REFUSED if unclear_for is None else State.UNKNOWN, Reason.FAULT)


def _unclear(policy: Policy, failure: Failure, unclear_for: timedelta, reason: Reason) -> Step:
    """Repeated with the same key while WeChat knows it; then nobody knows."""
    wait = max(policy.pause, failure.wait, _wait(policy, failure) or policy.pause)
    if policy.window is None or unclear_for + wait >= policy.window:
        return _ended(failure, State.UNKNOWN, reason)
    return Step(state=State.PLANNED, reason=reason, errcode=failure.errcode, wait=wait, is_clear=False)


def _wait(policy: Policy, failure: Failure) -> timedelta | None:
    if failure.errcode is None or failure.errcode == DAY_OVER:
        return max(policy.pause, failure.wait)
    seconds = policy.waits.get(failure.errcode, LATER.get(failure.errcode))
    return None if seconds is None else timedelta(seconds=seconds)


def _ended(failure: Failure, state: State, reason: Reason) -> Step:
    return Step(state=state, reason=reason, errcode=failure.errcode, is_clear=state is State.REFUSED)
