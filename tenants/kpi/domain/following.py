"""Which pictures and places belong to a tap of the menu that came before them: a tap and what follows are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from saas.wechat.messages import Inbound
from tenants.kpi.domain.acts import announced, may_follow

WINDOW = timedelta(minutes=2)
"""How long after the tap its pictures may come: nine of them over a slow line take a minute."""

Key = tuple[UUID, UUID, str]
"""Account, the fan's alias, type of message."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """How many messages are still to come, and since when.

    Below zero: how many came by themselves, the first of them when. A tap that was put by may be read after its pictures.
    """

    remaining: int
    since: datetime

    def takes(self, moment: datetime) -> bool:
        """Whether a message of that moment is one of them."""
        return self.remaining > 0 and self.since <= moment <= self.since + WINDOW

    def early(self, tapped: datetime) -> int:
        """How many messages came by themselves that a tap of that moment announced."""
        return max(0, -self.remaining) if tapped <= self.since <= tapped + WINDOW else 0

    def with_one_alone(self, moment: datetime) -> Awaited:
        """The same after a message that is not awaited."""
        if self.remaining > 0 and moment <= self.since + WINDOW:
            return self
        if self.remaining < 0 and abs(moment - self.since) <= WINDOW:
            return Awaited(self.remaining - 1, min(self.since, moment))
        return Awaited(-1, moment)


@dataclass(frozen=True, slots=True)
class Step:
    """One act of a known fan, as far as it matters here."""

    source: int
    account_id: UUID
    alias: UUID
    inbound: Inbound
    moment: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """The sources that are one with an act that counts, and what is awaited afterwards."""

    sources: frozenset[int]
    changed: Mapping[Key, Awaited]


def keys_of(steps: Iterable[Step]) -> frozenset[Key]:
    """What must be known of the past to judge these acts."""
    return frozenset((step.account_id, step.alias, kind) for step in steps if (kind := _kind(step.inbound)) is not None)


def follow(steps: Iterable[Step], awaited: Mapping[Key, Awaited]) -> Followed:
    """Goes through acts in the order they happened; a tap of the same second comes before its message.

    Of a tap and its messages the first that is read counts: a tap read after a message is one with that.
    """
    state, changed, sources = dict(awaited), set(), set()
    for step in sorted(steps, key=lambda step: (step.moment, announced(step.inbound) is None)):
        kind = _kind(step.inbound)
        if kind is None:
            continue
        key = (step.account_id, step.alias, kind)
        before = state.get(key, Awaited(0, step.moment))
        state[key], follows = _after(before, step)
        if state[key] != before:
            changed.add(key)
        if follows:
            sources.add(step.source)
    return Followed(frozenset(sources), {key: state[key] for key in changed})


def _after(before: Awaited, step: Step) -> tuple[Awaited, bool]:
    """What is awaited after an act, and whether the act follows another."""
    expected = announced(step.inbound)
    if expected is not None:
        early = min(before.early(step.moment), expected[1])
        return Awaited(expected[1] - early, step.moment), early > 0
    if before.takes(step.moment):
        return replace(before, remaining=before.remaining - 1), True
    return before.with_one_alone(step.moment), False


def _kind(inbound: Inbound) -> str | None:
    """The type of message that a tap announces, or that the message is."""
    expected = announced(inbound)
    return may_follow(inbound) if expected is None else expected[0]
