"""One LISTEN for the process, any number of listeners: each gets the topics of its brand."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import structlog

CHANNEL = "live"
RETRY_SECONDS = 1.0
log = structlog.get_logger()


class Hub:
    """Hands on what the consumer notifies. A slow listener misses nothing that matters: topics are hints to look."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")
        self._listeners: dict[UUID, set[asyncio.Queue[str]]] = defaultdict(set)

    @contextmanager
    def listening(self, tenant_id: UUID) -> Iterator[asyncio.Queue[str]]:
        """A queue that receives the tenant's topics while the block runs."""
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=100)
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
            async for notification in connection.notifies():
                self._hand_on(notification.payload)

    def _hand_on(self, payload: str) -> None:
        event = json.loads(payload)
        for queue in self._listeners.get(UUID(event["tenant"]), ()):
            for topic in event["topics"]:
                if not queue.full():
                    queue.put_nowait(str(topic))
