"""The simulator's memory: one SQLite file, opened at first use, shared by all threads."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from saas import clock
from saas.simulator import schema

BEIJING = ZoneInfo("Asia/Shanghai")
Row = sqlite3.Row
Value = str | int | float | bytes | None


class Store:
    """Serialises all reads and writes of the simulator; what is written survives a restart."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._offset: float | None = None
        self._closed = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; the other threads wait. May be nested."""
        with self._lock:
            connection = self._open()
            if connection.in_transaction:
                yield
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def rows(self, sql: str, *values: Value) -> list[Row]:
        """All rows of a query."""
        with self._lock:
            return self._open().execute(sql, values).fetchall()

    def row(self, sql: str, *values: Value) -> Row | None:
        """The first row of a query."""
        with self._lock:
            found: Row | None = self._open().execute(sql, values).fetchone()
            return found

    def count(self, sql: str, *values: Value) -> int:
        """The single number a query yields."""
        found = self.row(sql, *values)
        return int(found[0] or 0) if found else 0

    def write(self, sql: str, *values: Value) -> int:
        """Runs one statement; the new row's number for an INSERT, else the rows touched."""
        with self.transaction():
            cursor = self._open().execute(sql, values)
            return int(cursor.lastrowid or 0) if sql.startswith("INSERT") else cursor.rowcount

    def write_many(self, sql: str, values: list[tuple[Value, ...]]) -> None:
        """One statement with many rows of values."""
        with self.transaction():
            self._open().executemany(sql, values)

    def next_number(self, name: str) -> int:
        """A sequence that never repeats, also after a restart."""
        with self.transaction():
            self.write("INSERT INTO settings VALUES (?, '0') ON CONFLICT DO NOTHING", name)
            self.write("UPDATE settings SET value = CAST(value AS INTEGER) + 1 WHERE name = ?", name)
            return self.count("SELECT value FROM settings WHERE name = ?", name)

    def moment(self) -> datetime:
        """The present moment on Tencent's clock (ours plus the offset), in Beijing."""
        return (clock.now() + timedelta(seconds=self.offset)).astimezone(BEIJING)

    def now(self) -> int:
        """The present moment in seconds."""
        return int(self.moment().timestamp())

    @property
    def offset(self) -> float:
        """Seconds that Tencent's clock is ahead of ours."""
        if self._offset is None:
            found = self.row("SELECT value FROM settings WHERE name = 'clock_offset'")
            self._offset = float(found["value"]) if found else 0.0
        return self._offset

    @offset.setter
    def offset(self, seconds: float) -> None:
        self.write(
            "INSERT INTO settings VALUES ('clock_offset', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            str(seconds),
        )
        self._offset = seconds

    def __del__(self) -> None:
        self.close()

    def _open(self) -> sqlite3.Connection:
        if self._closed:
            raise sqlite3.ProgrammingError("the store is closed")
        if self._connection is None:
            if self._path:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path or ":memory:", check_same_thread=False, isolation_level=None, timeout=30
            )
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            schema.prepare(connection)
            self._connection = connection
        return self._connection

    def close(self) -> None:
        """Lets go of the file, for good: work still under way in the background finds nothing to write to."""
        with self._lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None
