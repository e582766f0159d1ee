"""One LISTEN for the process, any number of listeners: each gets the topics of its brand.

A page is written some time before its line is open, and a lost line is made again after a moment: whoever begins to
listen hears at once what was told last.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import inf
from uuid import UUID

import psycopg
import structlog

CHANNEL = "live"
RETRY_SECONDS = 1.0
LAST_SECONDS = 10.0
AGAIN = "again"
"""Look at everything: something may have been told that nobody heard."""
log = structlog.get_logger()


class Hub:
    """Hands on what the consumer notifies. A slow listener misses nothing that matters: topics are hints to look."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")
        self._listeners: dict[UUID, set[asyncio.Queue[str]]] = defaultdict(set)
        self._told: dict[UUID, dict[str, float]] = defaultdict(dict)
        self._hears_since = inf

    @contextmanager
    def listening(self, tenant_id: UUID) -> Iterator[asyncio.Queue[str]]:
        """A queue that receives the tenant's topics while the block runs, at first those of the last ten seconds."""
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
        _put([queue], self._last(tenant_id))
        self._listeners[tenant_id].add(queue)
        try:
            yield queue
        finally:
            self._listeners[tenant_id].discard(queue)
            if not self._listeners[tenant_id]:
                del self._listeners[tenant_id]

    async def run(self) -> None:
        """Listens for ever; a lost connection is made again."""
        while True:
            try:
                await self._listen()
            except psycopg.OperationalError as error:
                log.warning("postgresql_away", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._hears_since = time.monotonic()
            for queues in self._listeners.values():
                _put(queues, [AGAIN])
            async for notification in connection.notifies():
                self._hand_on(notification.payload)

    def _hand_on(self, payload: str) -> None:
        event = json.loads(payload)
        tenant_id, topics = UUID(event["tenant"]), [str(topic) for topic in event["topics"]]
        self._told[tenant_id].update(dict.fromkeys(topics, time.monotonic()))
        _put(self._listeners.get(tenant_id, ()), topics)

    def _last(self, tenant_id: UUID) -> list[str]:
        since = time.monotonic() - LAST_SECONDS
        if self._hears_since > since:
            return [AGAIN]
        return [topic for topic, told in self._told.get(tenant_id, {}).items() if told > since]


def _put(queues: Iterable[asyncio.Queue[str]], topics: Sequence[str]) -> None:
    for queue in queues:
        for topic in topics:
            if not queue.full():
                queue.put_nowait(topic)
