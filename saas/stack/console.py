"""What people see on the terminal while the stack runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from honcho.printer import Message, Printer

from saas import clock


class Console:
    """Progress lines of our own, and the lines of the children behind their names."""

    def __init__(self, output: TextIO | None = None) -> None:
        self._output = output or sys.stdout
        self._printer = Printer(self._output, width=len("scheduler"))

    def say(self, line: str = "") -> None:
        """Prints one line of our own."""
        print(line, file=self._output, flush=True)

    def relay(self, name: str, line: str, colour: str | None = None) -> None:
        """Prints one line of a child behind the time and its name."""
        self._printer.write(Message("line", line, clock.now().astimezone(), name, colour))

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Prints when a step starts and how long it took."""
        started = clock.now()
        self.say(f"· {title} …")
        yield
        self.say(f"✓ {title} ({(clock.now() - started).total_seconds():.1f} s)")
