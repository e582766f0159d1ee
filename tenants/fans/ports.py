"""What fans ask of higher capabilities: somebody who counts the followers that no event announced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

HOOK = "fans.follower_counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A follower found (+1) or found gone (−1) by reading WeChat's list, without an event."""

    account_id: UUID
    node_id: UUID
    alias: UUID | None
    delta: int
    at: datetime


class FollowerCounter(Protocol):
    """Keeps the figures of followers."""

    def adjust(self, adjustments: Sequence[Adjustment]) -> None:
        """Counts them as adjusted, never as new; called in the tenant's scope, in the transaction that found them."""
        ...


_counters: list[FollowerCounter] = []


def register_counters(counters: Sequence[FollowerCounter]) -> None:
    """Makes the counters known; called once when the application is put together."""
    _counters[:] = counters


def count_adjustments(adjustments: Sequence[Adjustment]) -> None:
    """Tells every counter."""
    if adjustments:
        for counter in _counters:
            counter.adjust(adjustments)
