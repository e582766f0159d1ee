"""One run per data directory."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from saas.stack.errors import StackError

STOPPING = "stopping"


class RunLock:
    """A file lock that the kernel drops with its holder, however that ends. A run that is stopping is waited for."""

    def __init__(self, path: Path, *, patience: float = 2.0, stopping_patience: float = 40.0) -> None:
        self._path = path
        self._patience = patience
        self._stopping_patience = stopping_patience
        self._handle: int | None = None

    def __enter__(self) -> Self:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        while not self._take():
            waited = time.monotonic() - started
            limit = self._stopping_patience if STOPPING in self._holder() else self._patience
            if waited > limit:
                number = self._holder().split(" ")[0] or "?"
                raise StackError(
                    f"Another run (process {number}) uses {self._path.parent}: stop it first, or set DATA_DIR to another directory."
                )
            time.sleep(0.1)
        self._write(str(os.getpid()))
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = None

    def announce_stop(self) -> None:
        """Tells a waiting run that this one is about to end."""
        self._write(f"{os.getpid()} {STOPPING}")

    def _take(self) -> bool:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        # The holder before us may have removed the file between our opening and our locking it.
        if not self._path.exists() or os.fstat(handle).st_ino != self._path.stat().st_ino:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def _write(self, text: str) -> None:
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, text.encode(), 0)

    def _holder(self) -> str:
        return self._path.read_text() if self._path.exists() else ""
