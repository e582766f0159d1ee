"""Looks for secrets where they have no business: logs, Redis, job payloads, the spool, and tables in the clear."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql

WATCH_SECONDS = 0.4
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def in_files(paths: Iterable[Path], canaries: Mapping[str, str]) -> Iterator[str]:
    """Each file and the name of each secret in it."""
    for path in paths:
        yield from _hits(path.name, path.read_bytes(), canaries)


class RedisWatch:
    """Notes again and again all that stands in Redis: a job's payload lives for moments only."""

    def __init__(self, url: str) -> None:
        self._url, self._over = url, threading.Event()
        self._thread = threading.Thread(target=self._watch, name="redis watch")
        self._seen: set[tuple[bytes, bytes]] = set()

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends."""
        self._over.set()
        if self._thread.ident:
            self._thread.join()

    def leaks(self, canaries: Mapping[str, str]) -> Iterator[str]:
        """Each key and the name of each secret in its name or value."""
        for key, value in self._seen:
            yield from _hits(f"redis {key.decode(errors='replace')}", key + b" " + value, canaries)

    def __len__(self) -> int:
        return len(self._seen)

    def _watch(self) -> None:
        while not self._over.wait(WATCH_SECONDS):
            with suppress(redis.RedisError), redis.Redis.from_url(self._url, socket_timeout=2) as client:
                self._seen |= {(key, value) for key in client.scan_iter() for value in _values(client, key)}


def in_tables(connection: psycopg.Connection[Any], canaries: Mapping[str, str]) -> Iterator[str]:
    """Each table and the name of each secret that a row of it shows."""
    for (table,) in connection.execute(TABLES).fetchall():
        yield from _hits(f"table {table}", _all_of(connection, sql.SQL("t::text"), table), canaries)


def in_column(
    connection: psycopg.Connection[Any], column: str, table: str, canaries: Mapping[str, str]
) -> Iterator[str]:
    """The name of each secret that one column of a table shows."""
    yield from _hits(f"{table}.{column}", _all_of(connection, sql.Identifier(column), table), canaries)


def _all_of(connection: psycopg.Connection[Any], what: sql.Composable, table: str) -> bytes:
    query = sql.SQL("SELECT string_agg(({what})::text, ' ') FROM {table} AS t")
    row = connection.execute(query.format(what=what, table=sql.Identifier(table))).fetchone()
    return str(row and row[0]).encode()


def _hits(place: str, content: bytes, canaries: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{place}: {name}" for name, secret in canaries.items() if secret.encode() in content)


def _values(client: Any, key: bytes) -> Iterator[bytes]:
    """Whatever stands below a key, as it is and unpacked."""
    readers = {
        b"string": lambda: [client.get(key) or b""],
        b"hash": lambda: [part for pair in client.hgetall(key).items() for part in pair],
        b"list": lambda: client.lrange(key, 0, -1),
        b"set": lambda: client.smembers(key),
        b"zset": lambda: client.zrange(key, 0, -1),
        b"stream": lambda: [repr(client.xrange(key)).encode()],
    }
    for value in readers.get(client.type(key), list)():
        yield value
        with suppress(zlib.error):
            yield zlib.decompress(value)
