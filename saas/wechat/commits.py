"""Group commit: callbacks of one moment share a statement, and so a round trip and an fsync (docs/protocol.md, 6).

While a statement is under way whatever arrives waits and goes with the next one: nobody waits for company, and the
busier it is the more share a commit. All on one event loop; no locks.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, cast

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from saas.faultpoints import Point, reach
from saas.security.faults import describe
from saas.wechat.journal import STORE, Entry, NotStorable, NotStored, Stored, arguments_of, conninfo_of, results_of

log = structlog.get_logger(__name__)

Waiting = tuple[Entry, "asyncio.Future[Stored]", float]
Row = tuple[int, Any, bool]
TICK_SECONDS = 0.1


class GroupCommit:
    """Stores entries through a few connections of its own, many in one transaction.

    An entry that isn't stored `seconds` after it came fails with NotStored, whether it waited for its turn, for a line
    or for the database. It may be stored all the same, or have been stored before: its first answer is then not heard.
    """

    def __init__(self, url: str, *, connections: int = 2, most: int = 200, seconds: float = 1.0) -> None:
        self._most, self._seconds, self._connections = most, seconds, connections
        self._conninfo = conninfo_of(url, seconds)
        self._pool = self._new_pool()
        self._waiting: deque[Waiting] = deque()
        self._open: deque[Waiting] = deque()
        self._arrived = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Begins; connects when the first entry comes, or in the background."""
        await self._pool.open()
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._connections)]
        self._tasks.append(asyncio.create_task(self._expire()))

    async def close(self) -> None:
        """Ends; who still waits for an answer gets none."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        _fail(self._open, NotStored("closing"))
        await self._pool.close()

    async def renew(self) -> None:
        """New lines for old: after an outage the old ones would be tried again only after a growing pause."""
        old, self._pool = self._pool, self._new_pool()
        await self._pool.open()
        await old.close(timeout=self._seconds)

    def _new_pool(self) -> AsyncConnectionPool[psycopg.AsyncConnection[Any]]:
        return AsyncConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=self._connections,
            timeout=self._seconds,
            open=False,
            kwargs={"autocommit": True, "prepare_threshold": 0},
        )

    def store(self, entry: Entry) -> asyncio.Future[Stored]:
        """What became of the entry, soon; raises NotStored when awaited."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Stored] = loop.create_future()
        one = (entry, future, loop.time())
        self._waiting.append(one)
        self._open.append(one)
        self._arrived.set()
        return future

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            await asyncio.sleep(0)  # whoever arrived with it comes along
            batch = self._take()
            if batch:
                await self._store(batch)

    def _take(self) -> list[Waiting]:
        """The next entries, each callback once: of two tries in one moment the second goes with a later statement."""
        batch: list[Waiting] = []
        later: list[Waiting] = []
        places = set()
        while self._waiting and len(batch) < self._most:
            one = self._waiting.popleft()
            if one[1].done():
                continue  # it was too late
            (later if one[0].place in places else batch).append(one)
            places.add(one[0].place)
        self._waiting.extendleft(reversed(later))
        if not self._waiting:
            self._arrived.clear()
        return batch

    async def _store(self, batch: Sequence[Waiting]) -> None:
        try:
            stored = await self._execute_surely([entry for entry, _, _ in batch])
        except psycopg.DataError as error:
            await self._store_apart(batch, error)
        except (psycopg.Error, PoolTimeout, TimeoutError) as error:
            _fail(batch, NotStored(type(error).__name__))
        except Exception as error:
            log.error("callbacks_not_stored", **describe(error))
            _fail(batch, NotStored(type(error).__name__))
        else:
            for (_, future, _), result in zip(batch, stored, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _store_apart(self, batch: Sequence[Waiting], error: psycopg.DataError) -> None:
        """One entry that the database can't take must not take the others with it: found by halving."""
        if len(batch) == 1:
            log.error("callback_not_storable", account_id=str(batch[0][0].account_id), **describe(error))
            _fail(batch, NotStorable(type(error).__name__))
            return
        middle = len(batch) // 2
        await self._store(batch[:middle])
        await self._store(batch[middle:])

    async def _execute_surely(self, entries: Sequence[Entry]) -> list[Stored]:
        """Once more on new lines when one has broken since it was used last: a key is stored once, however often asked."""
        try:
            return await self._execute(entries)
        except (PoolTimeout, psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable):
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError):
            await self._pool.drain()
            return await self._execute(entries)

    async def _execute(self, entries: Sequence[Entry]) -> list[Stored]:
        async with self._pool.connection() as connection:
            reach(Point.JOURNAL_BEFORE_COMMIT)
            asked = asyncio.ensure_future(self._ask(connection, entries))
            try:
                done, _ = await asyncio.wait({asked}, timeout=self._seconds)
            finally:
                if not asked.done():
                    await connection.close()  # else cancelling would wait for the answer of a server that gives none
                    asked.cancel()
            if not done:
                raise TimeoutError
            reach(Point.JOURNAL_AFTER_COMMIT)
            return results_of(entries, asked.result())

    async def _ask(self, connection: psycopg.AsyncConnection[Any], entries: Sequence[Entry]) -> list[Row]:
        cursor = await connection.execute(STORE, arguments_of(entries))
        return cast(list[Row], await cursor.fetchall())

    async def _expire(self) -> None:
        """Fails what has waited too long, also while its statement is under way."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            # By when the tick was due: after a loop that stood still, what the database answered meanwhile is heard first.
            late = due - self._seconds
            while self._open and (self._open[0][1].done() or self._open[0][2] < late):
                _fail([self._open.popleft()], NotStored("not in time"))


def _fail(batch: Iterable[Waiting], reason: NotStored) -> None:
    for _, future, _ in batch:
        if not future.done():
            future.set_exception(reason)
