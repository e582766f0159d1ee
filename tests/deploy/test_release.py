"""A release while fans write: the callbacks are restarted one after the other, and none of WeChat's calls hears of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

import psycopg
import requests
from sqlalchemy import text

from saas.config import Config
from saas.db import db
from saas.stack.__main__ import allow_connections
from saas.stack.store import free_port
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.ports import AccountKeys
from saas.wechat.spool import Spool
from tenants.accounts.services.keys import StoredAccounts
from tests.factories.accounts import make_account, make_connected
from tests.factories.callbacks import fields, posted, text_fields
from tests.factories.nginx import nginx, shipped
from tests.factories.processes import answering, wait_for

FANS, STORES = 8, 160
WECHAT_WAITS = 5.0


class Fans:
    """Write one message after the other until they are told to stop, each in turn to accounts of its own."""

    def __init__(self, url: str, accounts: Sequence[AccountKeys]) -> None:
        self._url, self._accounts = url, accounts
        self._stop = threading.Event()
        self.statuses: list[int] = []

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While in here."""
        with ThreadPoolExecutor(FANS) as pool:
            fans = [pool.submit(self._write, self._accounts[number::FANS]) for number in range(FANS)]
            try:
                yield
            finally:
                self._stop.set()
            for fan in fans:
                fan.result()

    def wait_for_some(self) -> None:
        """A hundred calls more."""
        before = len(self.statuses)
        wait_for(lambda: len(self.statuses) >= before + 100, "fans write")

    def _write(self, accounts: Sequence[AccountKeys]) -> None:
        for keys in cycle(accounts):
            if self._stop.is_set():
                return
            body, query = posted(keys, fields(keys, text_fields("在吗")))
            url = f"{self._url}/wechat/{keys.app_id}"
            self.statuses.append(requests.post(url, data=body, params=query, timeout=WECHAT_WAITS).status_code)


def test_a_release_under_load_costs_no_callback(config: Config, tenant: TenantRecord, tmp_path: Path) -> None:
    with enter(system_scope(tenant)):
        brand = make_account(name="云岫")
        stores = [make_account(kind="store", parent_id=brand.id) for _ in range(STORES)]
        app_ids = [make_connected(store.id, mode="plain").app_id or "" for store in stores]
    accounts = [keys for app_id in app_ids if (keys := StoredAccounts().find(app_id)) is not None]
    allow_connections()
    places, port = {usual: free_port() for usual in (8000, 8002, 8003, 8012)}, free_port()
    with ExitStack() as first, ExitStack() as second, nginx(tmp_path, shipped(port, places), port) as url:
        for process, place in ((first, places[8002]), (second, places[8012])):
            process.enter_context(answering(config, place))
        fans = Fans(url, accounts)
        with fans.writing():
            fans.wait_for_some()
            with psycopg.connect(config.database_url) as migration:
                migration.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant.id)])
                migration.execute("LOCK TABLE dedupe_keys IN SHARE MODE")
                fans.wait_for_some()
            for process, place in ((first, places[8002]), (second, places[8012])):
                process.close()
                fans.wait_for_some()
                process.enter_context(answering(config, place))
                fans.wait_for_some()
        wait_for(Spool(config.data_dir / "spool", most_bytes=1).is_empty, "what came during the migration is stored")
    assert set(fans.statuses) == {200}
    with enter(system_scope(tenant)):
        assert db.session.scalar(text("SELECT count(*) FROM journal")) == len(fans.statuses)
