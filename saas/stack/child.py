"""One child of the supervisor: started, its lines passed on, started again with a growing pause when it ends."""

from __future__ import annotations

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from saas.stack.book import Book, Entry
from saas.stack.plan import Child
from saas.stack.store import accepts

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0

Relay = Callable[[str, str], None]


class RunningChild:
    """Keeps one child alive."""

    def __init__(self, child: Child, *, environment: Mapping[str, str], book: Book, relay: Relay, folder: Path) -> None:
        self.child = child
        self.tail: deque[str] = deque(maxlen=20)
        self.failures = 0
        self._environment = environment
        self._book = book
        self._relay = relay
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._entry: Entry | None = None
        self._started = 0.0
        self._next_start = 0.0

    @property
    def entry(self) -> Entry | None:
        """The entry of the running process, None while there is none."""
        return self._entry

    def is_ready(self) -> bool:
        """Whether the process runs and listens."""
        alive = self._process is not None and self._process.poll() is None
        return alive and (self.child.port is None or accepts(self.child.port))

    def start(self) -> None:
        """Starts the process in a group of its own, so that a Ctrl-C reaches only the supervisor."""
        self._process = subprocess.Popen(
            self.child.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(self._environment),
            cwd=self._folder,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._entry = Entry.of(self.child.name, self._process.pid)
        self._book.add(self._entry)
        self._started = time.monotonic()
        threading.Thread(target=self._pass_on, args=(self._process,), daemon=True).start()

    def tend(self) -> None:
        """Starts the process again when it has ended and its pause is over."""
        if self._process is not None and self._process.poll() is not None:
            self._note_end(self._process.returncode)
        if self._process is None and time.monotonic() >= self._next_start:
            self.start()

    def wait(self) -> None:
        """Collects the ended process."""
        if self._process is not None:
            self._process.wait()

    def _note_end(self, code: int) -> None:
        if self._entry is not None:
            for process in self._entry.members():
                process.kill()  # a dead leader's own children would hold its port
        self._book.remove(self.child.name)
        self._process = self._entry = None
        lasted = time.monotonic() - self._started
        self.failures = 1 if lasted > HEALTHY_AFTER else self.failures + 1
        pause = min(FIRST_PAUSE * 2 ** (self.failures - 1), LONGEST_PAUSE)
        self._next_start = time.monotonic() + pause
        self._relay(self.child.name, f"ended with code {code}; starting it again in {pause:.1f} s")

    def _pass_on(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self.tail.append(line.rstrip())
            self._relay(self.child.name, line.rstrip())
