"""The book of started processes: who was started, so that whoever comes after a kill -9 can stop the right ones."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

STORE = 2
CHILD = 1
# The kernel's boot time, by which start times are computed, moves a little when the clock is set.
SAME_START = 2.0


@dataclass(frozen=True)
class Entry:
    """One started process, leader of its own group; the start time tells it from a later owner of its number."""

    name: str
    pid: int
    started: float
    stop: int = signal.SIGTERM
    rank: int = CHILD

    @classmethod
    def of(cls, name: str, pid: int, *, stop: int = signal.SIGTERM, rank: int = CHILD) -> Entry:
        """The entry of a process that runs now."""
        return cls(name, pid, psutil.Process(pid).create_time(), stop, rank)

    def members(self) -> list[psutil.Process]:
        """The live processes of this entry's group: itself and what it started."""
        return [process for process in psutil.process_iter() if self._owns(process)]

    def _owns(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error, ProcessLookupError, PermissionError):
            return (
                os.getpgid(process.pid) == self.pid
                and process.status() != psutil.STATUS_ZOMBIE
                and process.create_time() >= self.started - SAME_START
                and (process.pid != self.pid or process.create_time() <= self.started + SAME_START)
            )
        return False


class Book:
    """The entries of one run, in one file, written anew at each change."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[str, Entry] = {}

    def read(self) -> list[Entry]:
        """The entries as they stand on disk; empty when there is no readable book."""
        with suppress(OSError, ValueError, TypeError):
            return [Entry(**entry) for entry in json.loads(self._path.read_text())]
        return []

    def add(self, entry: Entry) -> None:
        """Notes a process that was just started."""
        self._entries[entry.name] = entry
        self._write()

    def remove(self, name: str) -> None:
        """Forgets a process that has ended."""
        if self._entries.pop(name, None):
            self._write()

    def close(self) -> None:
        """Removes the book: the run has ended in order."""
        self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial")
        partial.write_text(json.dumps([asdict(entry) for entry in self._entries.values()]))
        partial.replace(self._path)


def book_of(folder: Path, pid: int) -> Path:
    """Where the run of this number keeps its book: each has its own, so that an old reaper can't touch a new run."""
    return folder / f"processes-{pid}.json"


def stop_left(path: Path) -> list[str]:
    """Stops what a dead run's book still names, removes the book and returns the names of those that were alive."""
    left = [entry for entry in Book(path).read() if entry.members()]
    for rank in (CHILD, STORE):
        stop_all([entry for entry in left if entry.rank == rank])
    path.unlink(missing_ok=True)
    return [entry.name for entry in left]


def stop_all(entries: Iterable[Entry], patience: float = 8.0) -> None:
    """Asks each process to end, and kills what is left of its group when it has not within `patience` seconds."""
    waiting = list(entries)
    for entry in waiting:
        _send(entry, entry.stop)
    deadline = time.monotonic() + patience
    while waiting and time.monotonic() < deadline:
        waiting = [entry for entry in waiting if entry.members()]
        time.sleep(0.05 if waiting else 0)
    for entry in waiting:
        for process in entry.members():
            with suppress(psutil.Error):
                process.kill()


def _send(entry: Entry, number: int) -> None:
    for process in _addressees(entry):
        with suppress(psutil.Error):
            process.send_signal(number)


def _addressees(entry: Entry) -> Iterator[psutil.Process]:
    """The leader, which tells its own children; all of them when the leader is gone."""
    members = entry.members()
    leaders = [process for process in members if process.pid == entry.pid]
    yield from leaders or members
