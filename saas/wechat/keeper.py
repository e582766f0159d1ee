"""Keeps a callback somewhere durable before it is answered: in the journal, or in the spool while that is away."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError

from saas.security.faults import describe
from saas.security.secrets import Box
from saas.wechat.commits import GroupCommit
from saas.wechat.journal import Entry, NotStorable, NotStored, Stored
from saas.wechat.metrics import SPOOL_BYTES, SPOOLED
from saas.wechat.replies import Reply
from saas.wechat.spool import Record, Spool, SpoolFull

TEND_SECONDS = 0.5
MOST_RECENT = 20_000
ALARM_SHARE = 0.8
ALARM_SECONDS = 60.0
log = structlog.get_logger(__name__)

_Pending = tuple[Record, "asyncio.Future[None]"]


class Keeper:
    """One per event loop. After a callback that the journal didn't take, all go to the spool until it answers again.

    `ping` raises NotStored while the database is away, `drain` empties the spool; both are called in threads.
    """

    def __init__(self, group: GroupCommit, spool: Spool, *, ping: Callable[[], None], drain: Callable[[], int]) -> None:
        self._group, self._spool = group, spool
        self._ping, self._drain = ping, drain
        self._is_away = False
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._pending: list[_Pending] = []
        self._writer: asyncio.Task[None] | None = None
        self._tender: asyncio.Task[None] | None = None
        self._drainer: asyncio.Task[None] | None = None
        self._recent: OrderedDict[tuple[UUID, bytes], Reply | None] = OrderedDict()
        self._alarmed = -ALARM_SECONDS

    async def open(self) -> None:
        """Begins, also with what another process left in the spool."""
        await self._group.open()
        self._tender = asyncio.create_task(self._tend())

    async def close(self) -> None:
        """Ends; what is in the spool stays there for the next process."""
        under_way = [task for task in (self._tender, self._drainer) if task is not None]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._group.close()
        self._disk.submit(self._spool.finish)
        self._disk.shutdown()

    async def store(self, entry: Entry, box: Box) -> Stored:
        """What a duplicate will get too; raises NotStored when neither the journal nor the spool took it."""
        # First what was put by: while the spool is being emptied the journal may not have it yet.
        stored = self._put_by_before(entry)
        if stored is None and not self._is_away:
            try:
                return await self._group.store(entry)
            except NotStorable:
                raise
            except NotStored as error:
                self._note_away(str(error))
                stored = self._put_by_before(entry)
        return stored or await self._put_by(entry, box)

    def _put_by_before(self, entry: Entry) -> Stored | None:
        if entry.place not in self._recent:
            return None
        return Stored(self._recent[entry.place], is_new=False, is_stale=False)

    def _note_away(self, reason: str) -> None:
        """One line for an outage, not one for each callback of it."""
        if not self._is_away:
            self._is_away = True
            log.warning("journal_away", reason=reason)

    async def _put_by(self, entry: Entry, box: Box) -> Stored:
        await self._write(Record.of(entry, box))
        SPOOLED.inc()
        self._recent[entry.place] = entry.reply
        while len(self._recent) > MOST_RECENT:
            self._recent.popitem(last=False)
        return Stored(entry.reply, is_new=True, is_stale=False)

    def _write(self, record: Record) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending.append((record, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return future

    async def _write_all(self) -> None:
        """All that came during one fsync share the next."""
        loop = asyncio.get_running_loop()
        while self._pending:
            batch, self._pending = self._pending, []
            try:
                await loop.run_in_executor(self._disk, self._spool.append, [record for record, _ in batch])
            except (SpoolFull, OSError) as error:
                self._alarm("spool_takes_nothing", error=type(error).__name__)
                _end(batch, NotStored(type(error).__name__))
            else:
                _end(batch, None)

    async def _tend(self) -> None:
        """Looks after the spool, and for the journal while that is away: a long emptying holds up neither."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                size = await loop.run_in_executor(self._disk, self._spool.size)
                SPOOL_BYTES.set(size)
                if size > ALARM_SHARE * self._spool.most_bytes:
                    self._alarm("spool_nearly_full", bytes=size)
                if self._is_away:
                    await asyncio.to_thread(self._ping)
                    await self._group.renew()
                    self._is_away = False
                if size and (self._drainer is None or self._drainer.done()):
                    self._drainer = asyncio.create_task(self._empty())
            except (NotStored, SQLAlchemyError):
                pass  # still away
            except Exception as error:
                log.error("spool_not_tended", **describe(error))
            await asyncio.sleep(TEND_SECONDS)

    async def _empty(self) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._disk, self._spool.finish)
            count = await asyncio.to_thread(self._drain)
        except (NotStored, SQLAlchemyError):
            return  # away again: the next look after the spool begins anew
        except Exception as error:
            log.error("spool_not_drained", **describe(error))
            return
        if count:
            log.warning("spool_drained", callbacks=count)

    def _alarm(self, event: str, **facts: object) -> None:
        if time.monotonic() - self._alarmed >= ALARM_SECONDS:
            self._alarmed = time.monotonic()
            log.error(event, **facts)


def _end(batch: list[_Pending], fault: NotStored | None) -> None:
    for _, future in batch:
        if future.done():
            continue
        if fault is None:
            future.set_result(None)
        else:
            future.set_exception(fault)
