"""PostgreSQL and Redis of the rig: durable, at addresses that stay, killed with -9 and started again."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil
import redis

from saas.stack.book import Book
from saas.stack.keys import KeyFile
from saas.stack.postgres import EmbeddedPostgres
from saas.stack.redis import EmbeddedRedis
from saas.stack.store import Store


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
        with redis.Redis.from_url(self.redis.url()) as client:
            client.flushall()

    def kill_backend(self) -> None:
        """-9 to one busy backend: PostgreSQL ends all connections and recovers."""
        leader = psutil.Process(self.postgres.entry.pid)
        backends = [process for process in leader.children() if _serves_a_client(process)]
        for process in backends[:1]:
            process.kill()

    def stop(self) -> None:
        """In order."""
        self.redis.stop()
        self.postgres.stop()


def _serves_a_client(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return "127.0.0.1(" in " ".join(process.cmdline())
    return False
