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
    """How many messages are still to come, and since when."""

    remaining: int
    since: datetime

    def takes(self, moment: datetime) -> bool:
        """Whether a message of that moment is one of them."""
        return self.remaining > 0 and self.since <= moment <= self.since + WINDOW


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
    """The sources that follow a tap, and what is awaited afterwards."""

    sources: frozenset[int]
    changed: Mapping[Key, Awaited]


def keys_of(steps: Iterable[Step]) -> frozenset[Key]:
    """What must be known of the past to judge these acts."""
    return frozenset(
        (step.account_id, step.alias, kind) for step in steps if (kind := may_follow(step.inbound)) is not None
    )


def follow(steps: Iterable[Step], awaited: Mapping[Key, Awaited]) -> Followed:
    """Goes through acts in the order they happened; a tap of the same second comes before its message."""
    state, changed, sources = dict(awaited), set(), set()
    for step in sorted(steps, key=lambda step: (step.moment, announced(step.inbound) is None)):
        expected, kind = announced(step.inbound), may_follow(step.inbound)
        if expected is not None:
            key = (step.account_id, step.alias, expected[0])
            state[key] = Awaited(expected[1], step.moment)
            changed.add(key)
        elif kind is not None and _takes(state, (step.account_id, step.alias, kind), step.moment):
            key = (step.account_id, step.alias, kind)
            state[key] = replace(state[key], remaining=state[key].remaining - 1)
            changed.add(key)
            sources.add(step.source)
    return Followed(frozenset(sources), {key: state[key] for key in changed})


def _takes(state: Mapping[Key, Awaited], key: Key, moment: datetime) -> bool:
    return key in state and state[key].takes(moment)
