"""Where callbacks wait while PostgreSQL is away: files on this machine, sealed, fsynced, bounded (docs/protocol.md, 6).

A record is `length, tenant, sealed(head, newline, raw)`. A process writes segments of its own and holds a lock on the
open one; whoever drains takes finished segments and those whose writer is gone, so that nothing waits for a process
that was killed. Drained twice a callback is still stored once: its key is the journal's.
"""

from __future__ import annotations

import fcntl
import json
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from saas import clock
from saas.db import new_id
from saas.security.secrets import Box
from saas.wechat.journal import Entry
from saas.wechat.replies import reply_from_json

HEAD = struct.Struct(">I16s")
SEGMENT_BYTES = 8 * 1024 * 1024
SUFFIX = ".spool"
PARTIAL = ".partial"
DAMAGED = ".damaged"
TRIES = 5


class SpoolFull(Exception):
    """No room: nothing more may be taken in until the spool has been drained."""


@dataclass(frozen=True, slots=True)
class Record:
    """A sealed entry and whose box opens it."""

    tenant_id: UUID
    sealed: bytes

    @classmethod
    def of(cls, entry: Entry, box: Box) -> Record:
        """The entry as it may stand on a disk; it counts as having arrived now."""
        head = {
            "account_id": str(entry.account_id),
            "key": entry.key.hex(),
            "answer": entry.answer,
            "reply": None if entry.reply is None else entry.reply.to_json(),
            "received_at": clock.now().isoformat(),
        }
        clear = json.dumps(head, ensure_ascii=False).encode() + b"\n" + entry.raw
        return cls(entry.tenant_id, box.seal(clear, _context(entry.tenant_id)))

    def entry(self, box: Box) -> Entry:
        """The entry, to be stored whatever the rules are by now; raises Unreadable."""
        head, _, raw = box.open(self.sealed, _context(self.tenant_id)).partition(b"\n")
        values = json.loads(head)
        return Entry(
            tenant_id=self.tenant_id,
            account_id=UUID(values["account_id"]),
            key=bytes.fromhex(values["key"]),
            raw=raw,
            answer=values["answer"],
            reply=reply_from_json(values["reply"]),
            version=None,
            received_at=datetime.fromisoformat(values["received_at"]),
        )


class Spool:
    """The segments of one folder. `append` is for one thread at a time, as is draining; the two may run at once."""

    def __init__(self, folder: Path, *, most_bytes: int) -> None:
        self.folder, self.most_bytes = folder, most_bytes
        self._file: BinaryIO | None = None

    def append(self, records: list[Record]) -> None:
        """Returns when the records are on the disk; raises SpoolFull, or OSError when the disk takes nothing."""
        data = b"".join(HEAD.pack(len(one.sealed), one.tenant_id.bytes) + one.sealed for one in records)
        if self.size() + len(data) > self.most_bytes:
            raise SpoolFull
        file = self._open_segment()
        start = file.tell()
        try:
            file.write(data)
            file.flush()  # what the program holds back never reaches fsync
            os.fsync(file.fileno())
        except OSError:
            # Half a record must not hide those that come after it.
            with suppress(OSError):
                file.truncate(start)
            self.finish()
            raise
        if file.tell() >= SEGMENT_BYTES:
            self.finish()

    def finish(self) -> None:
        """Closes the open segment, so that it may be drained."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def size(self) -> int:
        """Bytes in use, those of other processes included."""
        return sum(_size_of(path) for path in self._paths())

    def is_empty(self) -> bool:
        """Whether nothing waits here, of whatever process."""
        return not self._paths()

    def segments(self) -> Iterator[Path]:
        """Segments that nobody writes to, the oldest first; what a process that was killed had only begun is removed."""
        for partial in self.folder.glob(f"*{PARTIAL}"):
            with _claimed(partial) as is_free:
                if is_free and _size_of(partial) == 0:
                    partial.unlink(missing_ok=True)
        for path in sorted(self._paths()):
            with _claimed(path) as is_free:
                if is_free:
                    yield path

    def _paths(self) -> list[Path]:
        return list(self.folder.glob(f"*{SUFFIX}"))

    def _open_segment(self) -> BinaryIO:
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = self._new_segment()
            _sync(self.folder)  # the name must survive a power cut as well
        return self._file

    def _new_segment(self) -> BinaryIO:
        for _ in range(TRIES - 1):
            # Who drains looks at what it takes for a dead process's, and may remove it, before it is locked.
            with suppress(BlockingIOError, FileNotFoundError):
                return _locked_segment(self.folder / f"{new_id()}{SUFFIX}")
        return _locked_segment(self.folder / f"{new_id()}{SUFFIX}")


def _locked_segment(path: Path) -> BinaryIO:
    """A new file that is its writer's from the moment that others can see it."""
    partial = path.with_suffix(PARTIAL)
    file = os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o600), "wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        partial.rename(path)
    except OSError:
        file.close()
        raise
    return file


def read_segment(path: Path) -> Iterator[Record]:
    """The records of a segment; a torn last one was never answered and is left out."""
    with path.open("rb") as file:
        while len(head := file.read(HEAD.size)) == HEAD.size:
            length, tenant = HEAD.unpack(head)
            sealed = file.read(length)
            if len(sealed) == length:
                yield Record(UUID(bytes=tenant), sealed)


@contextmanager
def _claimed(path: Path) -> Iterator[bool]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield path.exists()


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _context(tenant_id: UUID) -> str:
    return f"spool|{tenant_id}"
