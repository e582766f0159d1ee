"""Embedded servers for tests and benchmarks: in a folder of their own, gone with the process, even after a kill -9."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from saas.stack.book import Book
from saas.stack.keys import KeyFile
from saas.stack.owner import remove
from saas.stack.postgres import EmbeddedPostgres
from saas.stack.reaper import Reaper
from saas.stack.redis import EmbeddedRedis


@dataclass(frozen=True)
class TemporaryStack:
    """Two running servers and the file of the roles' passwords."""

    admin_url: str
    redis_url: str
    keys: KeyFile
    folder: Path
    postgres: EmbeddedPostgres
    book: Book

    @contextmanager
    def without_postgres(self) -> Iterator[None]:
        """PostgreSQL is away during the block; then it is back at its address with all that it had."""
        self.postgres.stop()
        yield
        self.book.add(self.postgres.start())


@contextmanager
def temporary_stack(*, durable: bool = False) -> Iterator[TemporaryStack]:
    """A fresh PostgreSQL, without fsync unless `durable`, and a fresh Redis."""
    folder = Path(tempfile.mkdtemp(prefix="qiandian-"))
    # The folder must let PostgreSQL's own user through when root runs this; it is ours, new and holds no secret itself.
    folder.chmod(0o711)
    book = Book(folder / "processes.json")
    with Reaper(folder / "processes.json", folder):
        with (
            EmbeddedPostgres(folder / "postgres", durable=durable) as postgres,
            EmbeddedRedis(folder / "redis") as redis,
        ):
            for store in (postgres, redis):
                book.add(store.entry)
            keys = KeyFile(folder / "secrets.json")
            yield TemporaryStack(postgres.url(), redis.url(), keys, folder, postgres, book)
        book.close()
        remove(folder)
