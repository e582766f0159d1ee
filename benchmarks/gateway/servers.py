"""The processes under measurement: each in a group of its own, noted in a book so that nothing outlives the run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from saas.config import inherited_environment
from saas.stack.book import Book, Entry, stop_all
from saas.stack.plan import GRANIAN
from saas.stack.reaper import Reaper
from saas.stack.store import accepts, free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


class Servers:
    """Starts processes; all of them end with the context, also after a kill -9 of this one."""

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="qiandian-bench-", suffix=".json")
        os.close(handle)
        self._path = Path(name)
        self._book = Book(self._path)

    def __enter__(self) -> Servers:
        self._reaper = Reaper(self._path)
        self._reaper.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        stop_all(self._book.read(), patience=5)
        self._book.close()
        self._reaper.__exit__(None, None, None)

    @contextmanager
    def running(self, command: Sequence[str], **environment: str) -> Iterator[psutil.Process]:
        """A process until the end of the block."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=inherited_environment(**environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        entry = Entry.of(f"{command[-1]} {process.pid}", process.pid)
        self._book.add(entry)
        try:
            yield psutil.Process(process.pid)
        finally:
            stop_all([entry], patience=5)
            process.wait()
            self._book.remove(entry.name)

    @contextmanager
    def serving(
        self, command: Sequence[str], port: int, environment: Mapping[str, str] | None = None
    ) -> Iterator[psutil.Process]:
        """A server, once it listens."""
        with self.running(command, **(environment or {})) as process:
            wait_until(lambda: accepts(port), f"{command[-1]} listens", while_lives=process)
            yield process


def granian(interface: str, target: str, *, workers: int) -> tuple[tuple[str, ...], int]:
    """The server's command as the product starts it, and its port. One thread per worker is best for Python code."""
    port = free_port()
    threads = ("--blocking-threads", "1") if interface == "wsgi" else ()
    options = ("--interface", interface, "--port", str(port), "--workers", str(workers))
    return (*GRANIAN, *options, *threads, target), port


def flask_command(*words: str) -> tuple[str, ...]:
    """A command of the product's own command line."""
    return (sys.executable, "-m", "flask", "--app", "wsgi", *words)


def wait_until(
    condition: Callable[[], bool],
    what: str,
    *,
    pause: float = 0.1,
    patience: float = PATIENCE,
    while_lives: psutil.Process | None = None,
) -> None:
    """Asks again until it holds; raises with `what` when patience, or the process that it depends on, is at its end."""
    deadline = time.monotonic() + patience
    while not condition():
        has_ended = while_lives is not None and while_lives.status() == psutil.STATUS_ZOMBIE
        if has_ended or time.monotonic() > deadline:
            raise RuntimeError(f"waited in vain: {what}")
        time.sleep(pause)
