"""Places where a test may hurt a process: kill it with -9, stall it, make it fail. In production they do nothing.

Armed only where testing is on (FAULT_POINTS): a process then looks, whenever it reaches a place, for an order of that name in
DATA_DIR/faults, and notes in the file `reached` there that it came by. An order is taken once, whoever gets there first.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from saas.config import Config

ON_DEMAND = "on"
LONGEST_PAUSE = 60.0


class Point(StrEnum):
    """Every step between a callback's arrival and the outcome of what it causes."""

    CALLBACK_READ = "callback.read"
    CALLBACK_OPENED = "callback.opened"
    JOURNAL_BEFORE_COMMIT = "journal.before_commit"
    JOURNAL_AFTER_COMMIT = "journal.after_commit"
    CALLBACK_ANSWERED = "callback.answered"
    CONSUMER_WOKEN = "consumer.woken"
    CONSUMER_CLAIMED = "consumer.claimed"
    CONSUMER_BEFORE_COMMIT = "consumer.before_commit"
    CONSUMER_AFTER_COMMIT = "consumer.after_commit"
    OUTBOX_PLANNED = "outbox.planned"
    OUTBOX_CLAIMED = "outbox.claimed"
    OUTBOX_BEFORE_CALL = "outbox.before_call"
    OUTBOX_AFTER_CALL = "outbox.after_call"
    OUTBOX_BEFORE_OUTCOME = "outbox.before_outcome"
    OUTBOX_AFTER_OUTCOME = "outbox.after_outcome"
    TOKEN_FETCHED = "token.fetched"  # noqa: S105 (a place, no password)
    SWEEP_BEFORE_COMMIT = "sweep.before_commit"
    JOB_CLAIMED = "job.claimed"


class Injected(RuntimeError):
    """What the order `raise` raises."""


class Rig:
    """The orders of one folder. An order says `kill`, `raise`, `sleep:SECONDS` or `pause`, and at which reach: `kill@3`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._counts: dict[Point, int] = {}
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def order(self, point: Point, order: str) -> None:
        """Lays an order down for whoever reaches the point; it is taken once."""
        partial = self.folder / f"{point}.partial"
        partial.write_text(order)
        partial.replace(self.folder / f"{point}.order")

    def reached(self, point: Point) -> None:
        """Notes it, and obeys the order if there is one whose turn it is."""
        self._note(f"{point} {os.getpid()}\n")
        order = self._taken(point)
        if order:
            self._note(f"{point} {os.getpid()} {order}\n")
            _obey(order, self.folder / f"{point}.go")

    def _note(self, line: str) -> None:
        with (self.folder / "reached").open("a") as file:
            file.write(line)

    def _taken(self, point: Point) -> str:
        path = self.folder / f"{point}.order"
        with self._lock, suppress(FileNotFoundError):
            order, _, turn = path.read_text().partition("@")
            self._counts[point] = self._counts.get(point, 0) + 1
            if self._counts[point] < int(turn or 1):
                return ""
            self._counts[point] = 0
            path.unlink()  # of two processes one succeeds
            return order
        return ""


_rig: Rig | None = None


def reach(point: Point) -> None:
    """Called at the place itself."""
    if _rig is not None:
        _rig.reached(point)


def arm(config: Config) -> None:
    """Takes the orders of FAULT_POINTS (`consumer.claimed=kill@1, …`, or `on` for later ones) where testing is on."""
    global _rig
    _rig = None
    if not (config.testing and config.fault_points):
        return
    _rig = Rig(config.data_dir / "faults")
    for item in config.fault_points.split(","):
        name, _, order = item.strip().partition("=")
        if name != ON_DEMAND:
            _order_once(_rig, Point(name), order)


def _order_once(rig: Rig, point: Point, order: str) -> None:
    """Once also across restarts: the one that obeyed may be the one that starts again."""
    with suppress(FileExistsError):
        (rig.folder / f"{point}.ordered").touch(exist_ok=False)
        rig.order(point, order)


def _obey(order: str, go: Path) -> None:
    verb, _, seconds = order.partition(":")
    if verb == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "raise":
        raise Injected(order)
    elif verb == "sleep":
        time.sleep(float(seconds))
    elif verb == "pause":
        _wait_for(go)


def _wait_for(go: Path) -> None:
    deadline = time.monotonic() + LONGEST_PAUSE
    while not go.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    go.unlink(missing_ok=True)
