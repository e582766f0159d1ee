"""Passwords and keys that are made once and kept in the data directory, readable by its owner only."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Keys(Protocol):
    """Where named secrets come from."""

    def get(self, name: str) -> str | None:
        """The secret of this name, or None when there is none."""

    def ensure(self, name: str) -> str:
        """The secret of this name, made now if it is missing."""


def password() -> str:
    """A random password that needs no quoting in an address."""
    return secrets.token_urlsafe(24)


def master_key() -> str:
    """A random 32-byte key in base64."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


class KeyFile:
    """Named secrets in one JSON file of mode 600; several processes may use it at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str | None:
        """The secret of this name, or None when it was never made."""
        return self._read().get(name)

    def ensure(self, name: str, make: Callable[[], str] = password) -> str:
        """The secret of this name, made now if it is missing."""
        with self._locked():
            known = self._read()
            if name not in known:
                known[name] = make()
                self._write(known)
            return known[name]

    def _read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        content: dict[str, str] = json.loads(self._path.read_text())
        return content

    def _write(self, content: dict[str, str]) -> None:
        partial = self._path.with_suffix(".partial")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The directory is the lock: a lock file of its own would be left behind.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
