"""PostgreSQL and Redis of the rig: durable, at addresses that stay, killed with -9 and started again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import redis

from saas.stack.book import Book
from saas.stack.keys import KeyFile
from saas.stack.postgres import EmbeddedPostgres
from saas.stack.redis import EmbeddedRedis
from saas.stack.store import Store

WAITING = """
    SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%journal_store%' AND xact_start IS NOT NULL
"""
LOOKS = 300


class Servers:
    """Both servers; the book lets the reaper stop them if the rig itself is killed."""

    def __init__(self, folder: Path, book: Book) -> None:
        self.folder, self._book = folder, book
        self.postgres = EmbeddedPostgres(folder / "postgres")
        self.redis = EmbeddedRedis(folder / "redis")
        self.keys = KeyFile(folder / "secrets.json")

    def __getitem__(self, name: str) -> Store:
        return {"postgresql": self.postgres, "redis": self.redis}[name]

    def start(self, store: Store) -> None:
        """Starts it, or starts it again."""
        self._book.add(store.start())

    def kill(self, store: Store) -> None:
        """-9 to the server and every process it has made."""
        leader = psutil.Process(store.entry.pid)
        for process in [leader, *leader.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def flush_redis(self) -> None:
        """All of Redis forgotten in a moment."""
        with suppress(redis.RedisError), redis.Redis.from_url(self.redis.url()) as client:  # it may be down already
            client.flushall()

    def kill_in_transaction(self, let_go: Callable[[], None]) -> None:
        """-9 to the backend that stores a callback, inside its transaction: held up by a lock, so that it can be met there.

        PostgreSQL then ends all connections and recovers.
        """
        with suppress(psycopg.OperationalError), psycopg.connect(self.postgres.url("rig")) as connection:
            connection.execute("LOCK TABLE dedupe_keys IN SHARE ROW EXCLUSIVE MODE")
            let_go()
            for _ in range(LOOKS):
                row = connection.execute(WAITING).fetchone()
                if row:
                    os.kill(row[0], signal.SIGKILL)
                    return
                time.sleep(0.01)

    def stop(self) -> None:
        """In order."""
        self.redis.stop()
        self.postgres.stop()
