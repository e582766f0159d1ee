"""Work in the background at its time: threads start when there is something to do, and die with the process."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)
Work = Callable[[], object]
REST = 3600.0


class Errands:
    """A heap of things to do; safe to use from many threads."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Work]] = []
        self._numbers = itertools.count()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._closed = False

    def after(self, seconds: float, work: Work) -> None:
        """Does the work when so many seconds have passed; an error in it is logged. Nothing after `close`."""
        with self._changed:
            if self._closed:
                return
            heapq.heappush(self._waiting, (time.monotonic() + seconds, next(self._numbers), work))
            if len(self._waiting) > self._idle and len(self._threads) < self._most:
                self._start()
            self._changed.notify()

    def close(self) -> None:
        """Drops what is left and waits a little for what is under way."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(5.0)

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, daemon=True, name=f"errand-{len(self._threads)}")
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while work := self._next():
            try:
                work()
            except Exception:
                log.exception("errand failed")

    def _next(self) -> Work | None:
        with self._changed:
            while not self._closed:
                seconds = self._waiting[0][0] - time.monotonic() if self._waiting else REST
                if seconds <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._idle += 1
                self._changed.wait(seconds)
                self._idle -= 1
        return None
