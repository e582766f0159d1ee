"""Runs one cell: waits at the step, kills, lets go, and measures how long until what was killed works again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from saas import clock
from saas.faultpoints import Point
from tests.faults.cells import Cell, Victim
from tests.faults.rig import Rig, wait_until
from tests.faults.trace import Visit

REACH_WITHIN, RESUME_WITHIN = 60.0, 120.0
PROCESSES: Mapping[Victim, tuple[str, ...]] = {
    Victim.CALLBACK: ("callback",),
    Victim.WEB: ("web",),
    Victim.AGENT: ("agent",),
    Victim.CONSUMER: ("consumer",),
    Victim.SENDER: ("sender",),
    Victim.WORKER: ("worker",),
    Victim.SCHEDULER: ("scheduler",),
    Victim.SCHEDULERS: ("scheduler", "scheduler2"),
}
# The visit by which one sees that a process works; of a server, that those who need it do.
SIGNS: Mapping[str, Point] = {
    "callback": Point.CALLBACK_ANSWERED,
    "agent": Point.OUTBOX_PLANNED,
    "consumer": Point.CONSUMER_AFTER_COMMIT,
    "sender": Point.OUTBOX_AFTER_OUTCOME,
    "worker": Point.JOB_CLAIMED,
    "scheduler": Point.SWEEP_BEFORE_COMMIT,
    "scheduler2": Point.SWEEP_BEFORE_COMMIT,
    Victim.REDIS: Point.JOB_CLAIMED,
    Victim.FLUSHALL: Point.JOB_CLAIMED,
    Victim.POSTGRES: Point.CONSUMER_AFTER_COMMIT,
    Victim.BACKEND: Point.CONSUMER_AFTER_COMMIT,
}


@dataclass(frozen=True)
class Outcome:
    """Whether the step was reached, and after how many seconds each thing killed worked again (infinite: never).

    Without those for which a process had no processor: other tests may run beside.
    """

    cell: Cell
    reached: bool
    resumed: dict[str, float] = field(default_factory=dict)
    killed_at: float = 0.0
    worked_at: dict[str, float] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """For the log."""
        if not self.reached:
            return f"✗ {self.cell.name}: not reached"
        return f"✓ {self.cell.name}: " + ", ".join(
            f"{name} again after {took:.1f} s" for name, took in self.resumed.items()
        )


class Driver:
    """Runs cells on a rig, one after another."""

    def __init__(self, rig: Rig, *, seconds: float) -> None:
        self._rig, self._deadline = rig, time.monotonic() + seconds
        self.outcomes: list[Outcome] = []

    def run(self, cell: Cell) -> Outcome:
        """One cell; what was killed has been waited for. After so many seconds none is begun any more."""
        if time.monotonic() > self._deadline:
            self.outcomes.append(Outcome(cell, reached=False))
            return self.outcomes[-1]
        before = {name: process.pids() for name, process in self._rig.crew.items()}
        visit = self._wait_at(cell)
        outcome = Outcome(cell, reached=False) if visit is None else self._hurt(cell, visit, before)
        self.outcomes.append(outcome)
        return outcome

    def _wait_at(self, cell: Cell) -> Visit | None:
        """Lays the order down; the visit that obeyed."""
        trace = self._rig.trace
        mark = trace.mark()
        trace.order(cell.point, f"{'kill' if cell.is_suicide else 'pause'}@{cell.turn}")
        if cell.point is Point.TOKEN_FETCHED:
            self._rig.forget_tokens()
        try:
            wait_until(lambda: any(visit.order for visit in trace.since(mark)), REACH_WITHIN, cell.name)
        except TimeoutError:
            trace.withdraw(cell.point)
            return None
        return next(visit for visit in trace.since(mark) if visit.order)

    def _hurt(self, cell: Cell, visit: Visit, before: Mapping[str, set[int]]) -> Outcome:
        killed_at = clock.now().timestamp()
        mark, began = self._rig.trace.mark(), time.monotonic()
        dead = [name for name, pids in before.items() if cell.is_suicide and visit.pid in pids]
        for victim in cell.victims[1:] if cell.is_suicide else cell.victims:
            dead += self._kill(victim, cell.point)
        time.sleep(cell.pause)
        if not cell.is_suicide:
            self._rig.trace.go(cell.point)
        for server in (Victim.POSTGRES, Victim.REDIS):
            if server in dead:
                self._rig.servers.start(self._rig.servers[server])
                mark, began = self._rig.trace.mark(), time.monotonic()
        outcome = Outcome(cell, True, {}, killed_at, {})
        for name in dead:
            outcome.resumed[name] = self._wait_for(name, mark, before, began)
            outcome.worked_at[name] = clock.now().timestamp()
        self._settle(outcome)
        return outcome

    def _settle(self, outcome: Outcome) -> None:
        """The next cell shall find callbacks that know every account; else a fault of the database is a second one to them."""
        if "callback" in outcome.worked_at:
            with suppress(TimeoutError):
                wait_until(
                    lambda: self._rig.is_warm(outcome.worked_at["callback"]), RESUME_WITHIN, "all accounts known"
                )

    def _kill(self, victim: Victim, point: Point) -> list[str]:
        if victim in PROCESSES:
            for name in PROCESSES[victim]:
                self._rig.crew[name].kill()
            return list(PROCESSES[victim])
        servers = self._rig.servers
        if victim is Victim.FLUSHALL:
            servers.flush_redis()
        elif victim is Victim.BACKEND:
            servers.kill_in_transaction(lambda: self._rig.trace.go(point))
        else:
            servers.kill(servers[victim])
        return [str(victim)]

    def _wait_for(self, name: str, mark: int, before: Mapping[str, set[int]], began: float) -> float:
        """Seconds until the sign was seen: of a process by a number that is new, of a server by anybody."""
        old = before.get(name, set())

        def works() -> bool:
            if name == "web":
                return self._rig.answers_pages() and not old & self._rig.crew[name].pids()
            fresh = {visit.pid for visit in self._rig.trace.since(mark) if visit.point is SIGNS[name]} - old
            return bool(fresh) and (name not in before or bool(fresh & self._rig.crew[name].pids()))

        try:
            wait_until(works, RESUME_WITHIN, name)
        except TimeoutError:
            return float("inf")
        return time.monotonic() - began - (self._rig.crew[name].starved() if name in before else 0.0)
