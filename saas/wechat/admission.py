"""Who is let in: decided on arrival, before any queue, so that nobody waits for an answer that comes too late.

A server that takes whatever comes queues it silently. Here a callback that can't be answered in good time is refused at
once with 503, and WeChat asks again in five seconds (docs/protocol.md, 1).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from saas.wechat.journal import NotStored

TICK_SECONDS = 0.05


class Admission:
    """Counts what is under way, and measures how far the event loop is behind with what has arrived."""

    def __init__(self, *, most: int = 1000, most_of_one: int = 800, most_lag_seconds: float = 1.0) -> None:
        self._most, self._most_of_one, self._most_lag = most, most_of_one, most_lag_seconds
        self._of_brand: Counter[UUID] = Counter()
        self._lag, self._due = 0.0, float("inf")
        self.under_way = 0

    @property
    def lag_seconds(self) -> float:
        """How long what is handled now may have waited: also in the first moment after the loop stood still."""
        return max(self._lag, time.monotonic() - self._due)

    def enter(self) -> bool:
        """Whether one more may come in; whoever was let in leaves again by `leave`."""
        if self.under_way >= self._most or self.lag_seconds > self._most_lag:
            return False
        self.under_way += 1
        return True

    def leave(self) -> None:
        """One is answered."""
        self.under_way -= 1

    @contextmanager
    def share(self, tenant_id: UUID) -> Iterator[None]:
        """While one callback of a brand is kept: one hot brand leaves room for the others, or raises NotStored."""
        if self._of_brand[tenant_id] >= self._most_of_one:
            raise NotStored("too many of one brand")
        self._of_brand[tenant_id] += 1
        try:
            yield
        finally:
            self._of_brand[tenant_id] -= 1

    async def watch(self) -> None:
        """Measures the lag for ever: a tick that was due long ago has waited behind what arrived before it."""
        while True:
            self._due = time.monotonic() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            self._lag = time.monotonic() - self._due
