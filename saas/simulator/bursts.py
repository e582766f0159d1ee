"""Many acts of many fans at once, in the background: what a hot minute looks like to the account's server."""

from __future__ import annotations

import itertools
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

from saas.simulator import acting, fans
from saas.simulator.accounts import access_account
from saas.simulator.acting import Desk
from saas.simulator.errcodes import Refused

MOST_AT_ONCE = 48
Act = Mapping[str, object]


@dataclass
class Burst:
    """One order and how far it is. `ended` counts by the status of a push's end; `refused` are acts that could not be done."""

    count: int
    waiting: deque[Act]
    started: float
    ended: Counter[str] = field(default_factory=Counter)
    done: int = 0
    seconds: float | None = None
    lock: Lock = field(default_factory=Lock)

    def finish(self, statuses: Sequence[str]) -> None:
        """One act more is over."""
        with self.lock:
            self.ended.update(statuses)
            self.done += 1
            if self.done == self.count:
                self.seconds = round(time.perf_counter() - self.started, 3)


class Bursts:
    """The orders of one application, by number."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._numbers = itertools.count(1)
        self._found: dict[int, Burst] = {}

    def start(self, acts: Sequence[Act], at_once: int) -> int:
        """Begins; the order's number. Raises Refused when there is nothing to do."""
        if not acts:
            raise Refused("acts is empty")
        number, burst = next(self._numbers), Burst(len(acts), deque(acts), time.perf_counter())
        self._found[number] = burst
        for _ in range(max(1, min(at_once, MOST_AT_ONCE, len(acts)))):
            self._desk.callbacks.errands.after(0, lambda: self._work(burst))
        return number

    def view(self, number: int) -> dict[str, object]:
        """How far it is; raises Refused for an unknown one."""
        burst = self._found.get(number)
        if burst is None:
            raise Refused("no such burst", 404)
        with burst.lock:
            return {"count": burst.count, "done": burst.done, "seconds": burst.seconds, "ended": dict(burst.ended)}

    def _work(self, burst: Burst) -> None:
        while True:
            try:
                values = burst.waiting.popleft()
            except IndexError:
                return
            burst.finish(self._perform(values))

    def _perform(self, values: Act) -> list[str]:
        store = self._desk.store
        try:
            account = access_account(store, str(values.get("app_id") or ""))
            fan = fans.access_fan(store, account, str(values.get("openid") or ""))
            return [one.status for one in acting.act(self._desk, account, fan, values)] or ["none"]
        except (Refused, ValueError):
            return ["refused"]
