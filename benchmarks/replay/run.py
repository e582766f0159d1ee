"""One play as a whole: the player, what the product says of its backlog meanwhile, the page, and the account at the end."""

from __future__ import annotations

import asyncio
import signal
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.replay.gauges import Backlog, read_backlog
from benchmarks.replay.lines import Lines
from benchmarks.replay.page import Page
from benchmarks.replay.player import Player
from benchmarks.replay.stage import Stage
from benchmarks.replay.story import Pace, Story

LINE_SECONDS = 5.0
DRAIN_SECONDS = 120.0
LINGER_SECONDS = 3.0
"""So that the page still hears the end."""


@dataclass(frozen=True)
class Wish:
    """How fast and how many; which story; where the page shall be."""

    rate: float
    total: int
    seed: int
    port: int


async def show(stage: Stage, wish: Wish) -> int:
    """The play from beginning to end, or to Ctrl-C."""
    run = Run(stage, wish)
    page = Page(run.state)
    print(
        f"▶ {wish.total:,} messages, {wish.rate:g} a second on average; the live page: {await page.open(wish.port)}",
        flush=True,
    )
    playing = asyncio.create_task(run.play())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, run.stop)
    try:
        await playing
    except asyncio.CancelledError:
        print("· stopped before its end")
    run.is_done = True
    run.print_account()
    await asyncio.sleep(LINGER_SECONDS)
    page.close()
    return 1 if run.player.tally.lost else 0


class Run:
    """The play, what the product says of its backlog meanwhile, and what the page shows of both."""

    def __init__(self, stage: Stage, wish: Wish) -> None:
        pace = Pace(wish.total, wish.total / wish.rate)
        story = Story(pace, stage.accounts, seed=wish.seed, first_id=int(time.time() * 1000) * 10_000)
        self._stage, self._lines = stage, Lines(stage.host, stage.port)
        self.player = Player(pace, story, stage.accounts, self._lines)
        self.backlog, self.is_done, self._ended = Backlog(), False, 0.0
        self._tasks: list[asyncio.Task[Any]] = []

    async def play(self) -> None:
        """Everything sent and answered, and the backlog gone."""
        self._tasks = [asyncio.create_task(work) for work in (self.player.play(), self._watch(), self._report())]
        try:
            await self._tasks[0]
            self._ended = self.player.elapsed
            await self._drained()
        finally:
            self.stop()
            await self._lines.close()

    def stop(self) -> None:
        """Ends the play."""
        self._ended = self._ended or self.player.elapsed
        self.player.stop()
        for task in self._tasks:
            task.cancel()

    def state(self) -> dict[str, Any]:
        """What the page shows."""
        player, elapsed = self.player, self._ended or self.player.elapsed
        now = player.tally.now(elapsed)
        return {
            **now,
            "elapsed": round(elapsed, 1),
            "total": player.pace.total,
            "question": [player.pace.question(max(0, now["sent"] - 1)), player.pace.questions],
            "fans": player.story.fans,
            "not_ok": sum(now["refused"].values()),
            "backlog_rows": self.backlog.rows,
            "backlog_seconds": self.backlog.seconds,
            "is_done": self.is_done,
        }

    def print_account(self) -> None:
        """The sums, in words."""
        tally, seconds = self.player.tally, max(self._ended, 0.001)
        told = ", ".join(f"{why} {count:,}" for why, count in sorted(tally.refused.items())) or "none"
        print(
            f"sent {tally.sent:,} in {seconds:,.0f} s ({tally.sent / seconds:,.0f} a second), {tally.doubles:,} of them a second time"
        )
        print(
            f"answered {tally.answered:,}: p50 {tally.times.quantile(0.5):,.1f} ms, p99 {tally.times.quantile(0.99):,.1f} ms"
        )
        print(
            f"tries without 200: {told}; sent again {tally.again:,}; under way {tally.under_way:,}; lost after three tries {tally.lost:,}"
        )
        print(f"waiting to be consumed: {'unknown' if self.backlog.rows is None else f'{self.backlog.rows:,}'}")

    async def _watch(self) -> None:
        while True:
            self.backlog = await read_backlog(self._stage.metrics_url)
            await asyncio.sleep(1)

    async def _drained(self) -> None:
        deadline = time.monotonic() + DRAIN_SECONDS
        self.backlog = await read_backlog(self._stage.metrics_url)
        while self.backlog.rows and time.monotonic() < deadline:
            await asyncio.sleep(0.5)

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(LINE_SECONDS)
            now = self.state()
            print(
                f"  {now['elapsed']:>7,.0f} s  sent {now['sent']:>9,}  {now['per_second']:>5,}/s  p50 {now['p50_ms']:,.0f} ms  "
                f"p99 {now['p99_ms']:,.0f} ms  waiting {now['backlog_rows']}  not 200: {now['not_ok']}",
                flush=True,
            )
