"""Plays the story: each push at its moment, sent again as WeChat would when it isn't answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from benchmarks.replay.lines import Lines, Unanswered
from benchmarks.replay.story import Pace, Push, Story
from benchmarks.replay.tally import NO_ANSWER, Tally
from benchmarks.wire import Account, Wire

TICK_SECONDS = 0.005
TRIES = 3
PAUSE_SECONDS = 5.0
"""Between a try that was refused and the next one."""


class Player:
    """One play, from the first push to the last answer."""

    def __init__(self, pace: Pace, story: Story, accounts: Sequence[Account], lines: Lines) -> None:
        self.pace, self.story, self.tally = pace, story, Tally()
        self._wires = [Wire(account) for account in accounts]
        self.lines = lines
        self._begun = 0.0
        self._deliveries: set[asyncio.Task[None]] = set()

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning; 0 before."""
        return time.monotonic() - self._begun if self._begun else 0.0

    async def play(self, pause: float = PAUSE_SECONDS) -> None:
        """Everything; ends when each push is answered or given up."""
        self._begun = time.monotonic()
        while self.story.told < self.pace.total:
            for _ in range(self.pace.due(self.elapsed) - self.story.told):
                self._begin(self.story.next(int(time.time())), pause)
            await asyncio.sleep(TICK_SECONDS)
        await asyncio.gather(*self._deliveries)

    def stop(self) -> None:
        """Gives up what is under way."""
        for delivery in self._deliveries:
            delivery.cancel()

    def _begin(self, push: Push, pause: float) -> None:
        self.tally.note_sent(is_double=push.is_double)
        delivery = asyncio.create_task(self._deliver(push, pause))
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)

    async def _deliver(self, push: Push, pause: float) -> None:
        wire = self._wires[push.account]
        for number in range(TRIES):
            if number:
                self.tally.note_again()
            why = await self._try(wire.request(push.clear))
            if why is None:
                return
            self.tally.note_refusal(why)
            if why != NO_ANSWER and number < TRIES - 1:
                await asyncio.sleep(pause)
        self.tally.note_lost()

    async def _try(self, request: bytes) -> str | None:
        """None when it was answered 200, else why not."""
        begun = time.perf_counter()
        try:
            status = await self.lines.ask(request)
        except Unanswered:
            return NO_ANSWER
        if status != 200:
            return str(status)
        self.tally.note_answer(self.elapsed, (time.perf_counter() - begun) * 1000)
        return None
