"""Who is let in: decided on arrival, before any queue, so that nobody waits for an answer that comes too late.

A server that takes whatever comes queues it silently. Here a callback that can't be answered in good time is refused at
once with 503, and WeChat asks again in five seconds (docs/protocol.md, 1).
"""

from __future__ import annotations

import asyncio

TICK_SECONDS = 0.05


class Admission:
    """Counts what is under way, and measures how far the event loop is behind with what has arrived."""

    def __init__(self, *, most: int = 1000, most_lag_seconds: float = 1.0) -> None:
        self._most, self._most_lag = most, most_lag_seconds
        self.under_way = 0
        self.lag_seconds = 0.0

    def enter(self) -> bool:
        """Whether one more may come in; whoever was let in leaves again by `leave`."""
        if self.under_way >= self._most or self.lag_seconds > self._most_lag:
            return False
        self.under_way += 1
        return True

    def leave(self) -> None:
        """One is answered."""
        self.under_way -= 1

    async def watch(self) -> None:
        """Measures the lag for ever: a tick that was due long ago has waited behind what arrived before it."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            self.lag_seconds = loop.time() - due
