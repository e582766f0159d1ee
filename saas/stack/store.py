"""What the two embedded servers have in common: start on a free port, be ready, stop."""

from __future__ import annotations

import errno
import secrets
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from saas.stack.book import STORE, Entry, stop_all
from saas.stack.errors import StackError

HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)
LOG_LIMIT = 5_000_000


class Store(ABC):
    """A server of our own on a free port of the loopback; a context that starts and stops it."""

    name: str
    stop_signal: int
    patience = 20.0

    def __init__(self, base: Path) -> None:
        self.base = base.absolute()
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._entry: Entry | None = None

    @property
    def entry(self) -> Entry:
        """The entry of the running server."""
        if self._entry is None:
            raise StackError(f"{self.name} is not running.")
        return self._entry

    @abstractmethod
    def start(self) -> Entry:
        """Starts the server, waits until it answers and returns its entry; raises StackError with the reason."""

    @abstractmethod
    def _is_ready(self) -> bool: ...

    @property
    @abstractmethod
    def _log(self) -> Path: ...

    def stop(self) -> None:
        """Stops the server and waits for its end; does nothing when it is not running."""
        if self._process is None or self._entry is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.send_signal(self.stop_signal)
            self._process.wait(self.patience)
        stop_all([self._entry], patience=0)
        self._process.wait()
        self._process = self._entry = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self, command: list[str], *, settings: bytes = b"", options: dict[str, object] | None = None) -> Entry:
        """Starts the program, gives it `settings` on its standard input and waits until it is ready."""
        self.stop()  # what is left of one that was killed
        if self._log.exists() and self._log.stat().st_size > LOG_LIMIT:
            self._log.unlink()
        with self._log.open("ab") as log:
            process = subprocess.Popen(  # type: ignore[call-overload]
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True, **(options or {})
            )
        self._process = process
        self._entry = Entry.of(self.name, process.pid, stop=self.stop_signal, rank=STORE)
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(settings)
        self._wait(process)
        return self._entry

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + self.patience
        while not self._is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise StackError(self._reason())
            time.sleep(0.01)

    def _reason(self) -> str:
        tail = self._log.read_text(errors="replace").splitlines()[-8:]
        if any("No space left on device" in line for line in tail):
            return disk_full(self.base)
        last = next(
            (line for line in reversed(tail) if "FATAL" in line or "rror" in line), tail[-1] if tail else "no message"
        )
        return f"{self.name} did not start: {last.strip()} (see {self._log})."


def free_port() -> int:
    """A port of the loopback that is free at this moment, none of those that the system gives to whoever calls."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


def accepts(port: int) -> bool:
    """Whether somebody listens on this port of the loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def disk_full(where: Path) -> str:
    """The sentence for a full disk."""
    return f"The disk that holds {where} is full: free some space, or set DATA_DIR to another disk, and start again."


def is_disk_full(error: BaseException) -> bool:
    """Whether an error, or one it came from, says that the disk is full."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
