"""What is heard by whom: topics of the own brand, those of the last moments too, and that something may have been missed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import psycopg
import pytest

from saas.config import Config
from saas.db import new_id
from saas.stack.temporary import TemporaryStack
from saas.stream import hub as hubs
from saas.stream.hub import AGAIN, LAST_SECONDS, Hub
from tests.factories.loops import run

BRAND, OTHER = new_id(), new_id()
PATIENCE = 20


class Clock:
    """Seconds, as this test says."""

    now = 1000.0

    def monotonic(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(hubs, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


@asynccontextmanager
async def listening(config: Config) -> AsyncIterator[tuple[Hub, asyncio.Queue[str]]]:
    """A hub that hears the database, and somebody who has listened to it from the beginning."""
    hub = Hub(config.database_url)
    with hub.listening(BRAND) as queue:
        task = asyncio.create_task(hub.run())
        assert [await heard(queue), await heard(queue)] == [AGAIN, AGAIN], "before it heard anything, and when it does"
        yield hub, queue
        task.cancel()


async def heard(queue: asyncio.Queue[str]) -> str:
    return await asyncio.wait_for(queue.get(), PATIENCE)


def notify(config: Config, tenant_id: object, *topics: str) -> None:
    with psycopg.connect(config.database_url, autocommit=True) as connection:
        payload = json.dumps({"tenant": str(tenant_id), "topics": topics})
        connection.execute("SELECT pg_notify('live', %s)", [payload])


def newcomer(hub: Hub) -> list[str]:
    """What somebody hears who begins now."""
    with hub.listening(BRAND) as queue:
        return [queue.get_nowait() for _ in range(queue.qsize())]


def test_who_comes_a_moment_later_hears_it_as_well(config: Config, clock: Clock) -> None:
    """A page is written before its line is open."""

    async def story() -> None:
        async with listening(config) as (hub, queue):
            assert newcomer(hub) == [AGAIN], "it hasn't listened for long itself"
            clock.now += LAST_SECONDS + 1
            assert newcomer(hub) == []
            notify(config, OTHER, "foreign")
            notify(config, BRAND, "kpi", "inbox")
            assert [await heard(queue), await heard(queue)] == ["kpi", "inbox"]
            clock.now += LAST_SECONDS - 1
            notify(config, BRAND, "kpi")
            assert await heard(queue) == "kpi"
            assert newcomer(hub) == ["kpi", "inbox"]
            clock.now += 2
            assert newcomer(hub) == ["kpi"]
            clock.now += LAST_SECONDS
            assert newcomer(hub) == []

    run(story())


def test_after_a_lost_line_all_look_again(config: Config, clock: Clock, stack: TemporaryStack) -> None:
    async def story() -> None:
        async with listening(config) as (hub, queue):
            clock.now += LAST_SECONDS + 1
            with psycopg.connect(stack.admin_url, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = %s AND datname = %s",
                    ["LISTEN live", psycopg.conninfo.conninfo_to_dict(config.database_url)["dbname"]],
                )
            assert await heard(queue) == AGAIN
            assert newcomer(hub) == [AGAIN]

    run(story())
