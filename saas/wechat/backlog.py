"""How far the consumer is behind: for Prometheus, for /readyz, and as an alarm in the log."""

from __future__ import annotations

import threading
import time

import structlog

from saas.security.faults import describe
from saas.wechat.lanes import Lanes
from saas.wechat.metrics import OLDEST_OPEN, OPEN_ROWS

ALARM_SECONDS = 60.0
"""A callback that waits longer to be counted is a fault: the consumer stands still, or there are too few."""
LOOK_SECONDS = 2.0
REPEAT_SECONDS = 60.0
FAULT_SECONDS = 10.0

log = structlog.get_logger(__name__)


class BacklogWatch:
    """Looks every other second, in a thread of its own: beside the consumer, whose round may never end, and in another process."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._alarm_due = 0.0

    def start(self, stop: threading.Event) -> None:
        """Begins; ends with `stop`, or with the process."""
        threading.Thread(target=self._run, args=(stop,), name="backlog", daemon=True).start()

    def look(self) -> None:
        """Measures, and raises the alarm once a minute."""
        oldest, now = measure(self._lanes), time.monotonic()
        if oldest > ALARM_SECONDS and now >= self._alarm_due:
            self._alarm_due = now + REPEAT_SECONDS
            log.error("consumer_behind", oldest_seconds=round(oldest), open_rows=self._lanes.count_open())

    def _run(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception as error:
                log.error("backlog_not_measured", **describe(error))
                stop.wait(FAULT_SECONDS)


def measure(lanes: Lanes) -> float:
    """Sets the gauges; returns the age of the oldest open row."""
    oldest = lanes.oldest_open_seconds()
    OLDEST_OPEN.set(oldest)
    OPEN_ROWS.set(lanes.count_open() if oldest else 0)
    return oldest
