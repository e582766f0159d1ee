"""A release while fans write: the callbacks are restarted one after the other, and none of WeChat's calls hears of it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import sleep

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

FANS = 6


class Fans:
    """Write one message after the other until they are told to stop."""

    def __init__(self, url: str, keys: AccountKeys) -> None:
        self._url, self._keys = f"{url}/wechat/{keys.app_id}", keys
        self._stop = threading.Event()
        self.statuses: Counter[int] = Counter()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While in here."""
        with ThreadPoolExecutor(FANS) as pool:
            fans = [pool.submit(self._write) for _ in range(FANS)]
            try:
                yield
            finally:
                self._stop.set()
            for fan in fans:
                self.statuses.update(fan.result())

    def wait_for_some(self) -> None:
        """A moment of the usual."""
        sleep(1)

    def _write(self) -> list[int]:
        statuses = []
        while not self._stop.is_set():
            body, query = posted(self._keys, fields(self._keys, text_fields("在吗")))
            statuses.append(requests.post(self._url, data=body, params=query, timeout=10).status_code)
        return statuses


def test_a_release_under_load_costs_no_callback(config: Config, tenant: TenantRecord, tmp_path: Path) -> None:
    with enter(system_scope(tenant)):
        app_id = make_connected(make_account(name="云岫").id, mode="plain").app_id or ""
    keys = StoredAccounts().find(app_id)
    assert keys is not None
    allow_connections()
    places, port = {usual: free_port() for usual in (8000, 8002, 8003, 8012)}, free_port()
    with ExitStack() as first, ExitStack() as second, nginx(tmp_path, shipped(port, places), port) as url:
        for process, place in ((first, places[8002]), (second, places[8012])):
            process.enter_context(answering(config, place))
        fans = Fans(url, keys)
        with fans.writing():
            fans.wait_for_some()
            with psycopg.connect(config.database_url) as migration:
                migration.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant.id)])
                migration.execute("LOCK TABLE dedupe_keys IN SHARE MODE")
                sleep(2)
            for process, place in ((first, places[8002]), (second, places[8012])):
                process.close()
                process.enter_context(answering(config, place))
                fans.wait_for_some()
        wait_for(Spool(config.data_dir / "spool", most_bytes=1).is_empty, "what came during the migration is stored")
    assert set(fans.statuses) == {200}
    with enter(system_scope(tenant)):
        assert db.session.scalar(text("SELECT count(*) FROM journal")) == fans.statuses[200]
