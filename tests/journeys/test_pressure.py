"""More callbacks at once than can be kept, on the real server: every answer comes in time, a yes or a no."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

from saas.config import Config
from saas.stack.__main__ import allow_connections
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.ports import AccountKeys
from tenants.accounts.services.keys import StoredAccounts
from tests.factories.accounts import make_account, make_connected
from tests.factories.callbacks import fields, posted, text_fields
from tests.factories.loops import run
from tests.factories.processes import answering

AT_ONCE = 1300
"""More than the door lets in."""
CONNECTING = 200
CUT = 0
"""The status of a line that was closed without an answer."""
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def keys(tenant: TenantRecord) -> AccountKeys:
    """A connected account."""
    with enter(system_scope(tenant)):
        connection = make_connected(make_account(name="云岫").id, mode="plain")
    found = StoredAccounts().find(connection.app_id or "")
    assert found is not None
    return found


@pytest.fixture
def slow_database(config: Config) -> Iterator[psycopg.Connection]:
    """Nobody can store anything while it holds a lock."""
    with psycopg.connect(config.database_url.replace("+psycopg", "")) as holder:
        yield holder
        holder.rollback()


def request(keys: AccountKeys, words: str) -> bytes:
    """A push as it stands on the line."""
    body, query = posted(keys, fields(keys, text_fields(words)))
    head = f"POST /wechat/{keys.app_id}?{urlencode(query)} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def lines(url: str, count: int) -> list[Line]:
    """So many open connections."""
    place, gate = urlsplit(url), asyncio.Semaphore(CONNECTING)

    async def line() -> Line:
        async with gate:
            return await asyncio.open_connection(place.hostname, place.port)

    return await asyncio.gather(*(line() for _ in range(count)))


class Tenths:
    """Tenths of a second that this process saw: moments in which it, or the machine, stood still are none of a server's."""

    def __init__(self) -> None:
        self.seen = 0

    async def count(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(0.1)
            self.seen += 1


async def asked(line: Line, push: bytes, tenths: Tenths) -> tuple[int, int]:
    """The status, and how many tenths of a second it took."""
    reader, writer = line
    begun = tenths.seen
    writer.write(push)
    answer = await reader.readline()
    return int(answer.split()[1]) if answer else CUT, tenths.seen - begun


async def crowd(url: str, keys: AccountKeys, count: int) -> list[tuple[int, int]]:
    """All connect, then all ask at once."""
    waiting, tenths = await lines(url, count), Tenths()
    pushes = [request(keys, f"m{number}") for number in range(count)]
    counting = asyncio.create_task(tenths.count())
    try:
        return await asyncio.gather(*(asked(line, push, tenths) for line, push in zip(waiting, pushes, strict=True)))
    finally:
        counting.cancel()
        for _, writer in waiting:
            writer.close()


def test_nobody_waits_longer_than_four_seconds(
    keys: AccountKeys, config: Config, slow_database: psycopg.Connection
) -> None:
    """A WSGI server with four threads answered the last of forty one-second requests after ten seconds."""
    allow_connections()
    with answering(config) as url:
        assert run(crowd(url, keys, 1))[0][0] == 200
        slow_database.execute("LOCK TABLE dedupe_keys IN SHARE MODE")
        answers = run(crowd(url, keys, AT_ONCE))
        slow_database.rollback()
    assert max(tenths for _, tenths in answers) < 40
    assert {200} <= {status for status, _ in answers} <= {200, 503}
