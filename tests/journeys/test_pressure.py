"""More callbacks at once than can be kept, on the real server: every answer comes in time, a yes or a no."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import requests

from saas.config import Config
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.ports import AccountKeys
from tenants.accounts.services.keys import StoredAccounts
from tests.factories.accounts import make_account, make_connected
from tests.factories.callbacks import fields, posted, text_fields
from tests.factories.processes import answering

AT_ONCE = 150


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
    """Nobody can store anything while the block runs."""
    with psycopg.connect(config.database_url.replace("+psycopg", "")) as holder:
        yield holder
        holder.rollback()


def post(url: str, keys: AccountKeys, words: str) -> tuple[int, float]:
    """The status, and how long it took."""
    body, query = posted(keys, fields(keys, text_fields(words)))
    begun = time.monotonic()
    answer = requests.post(f"{url}/wechat/{keys.app_id}", data=body, params=query, timeout=30)
    return answer.status_code, time.monotonic() - begun


def test_nobody_waits_longer_than_four_seconds(
    keys: AccountKeys, config: Config, slow_database: psycopg.Connection
) -> None:
    """A WSGI server with four threads answered the last of forty one-second requests after ten seconds."""
    with answering(config) as url, ThreadPoolExecutor(AT_ONCE) as crowd:
        assert post(url, keys, "warm")[0] == 200
        slow_database.execute("LOCK TABLE dedupe_keys IN SHARE MODE")
        answers = list(crowd.map(lambda number: post(url, keys, f"m{number}"), range(AT_ONCE)))
        slow_database.rollback()
    assert max(seconds for _, seconds in answers) < 4
    assert {status for status, _ in answers} == {200}
