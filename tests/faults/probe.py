"""The other brand looks all the time at what it may see, and must never see anything of the hurt one."""

from __future__ import annotations

import json
import threading
from contextlib import suppress

import psycopg
import requests

from saas.config import Config
from tests.faults.brands import Brand

PAUSE_SECONDS = 1.5
TABLES = ("journal", "dedupe_keys", "messages", "fans", "facts", "jobs", "outbox", "allowances")
FOREIGN = "SELECT count(*) FROM {table} WHERE tenant_id <> current_setting('app.tenant_id')::uuid"


class Probe:
    """Asks the API as a member of B, reads tables as the role `app` for B, and listens to B's topics."""

    def __init__(self, config: Config, own: Brand, foreign: Brand) -> None:
        self._config, self._own, self._foreign = config, own, foreign
        self._over = threading.Event()
        self._threads = [threading.Thread(target=part) for part in (self._ask, self._read, self._listen)]
        self.looks: dict[str, int] = {"pages": 0, "foreign pages": 0, "tables": 0, "topics": 0}
        self.seen: list[str] = []

    def start(self) -> None:
        """Begins to look."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends."""
        self._over.set()
        for thread in self._threads:
            if thread.ident:
                thread.join()

    def _ask(self) -> None:
        account_id, foreign_id = self._own.accounts[0].account_id, self._foreign.accounts[0].account_id
        own = [
            f"{self._own.url}/{path}"
            for path in ("accounts", "conversations", f"accounts/{account_id}/fans", f"accounts/{account_id}/messages")
        ]
        foreign = [f"{self._foreign.url}/accounts", f"{self._own.url}/accounts/{foreign_id}/messages"]
        while not self._over.wait(PAUSE_SECONDS):
            for path in own:
                self._look(path, "pages", 200)
            for path in foreign:
                self._look(path, "foreign pages", 404)

    def _look(self, path: str, kind: str, status: int) -> None:
        with suppress(requests.RequestException):
            answer = requests.get(f"{self._config.public_url}{path}", headers=self._own.member.bearer, timeout=10)
            if answer.status_code < 500:
                self.looks[kind] += 1
                self._note(
                    path, answer.text if answer.status_code == status else f"{answer.status_code} {self._foreign.mark}"
                )

    def _read(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            with suppress(psycopg.Error), psycopg.connect(self._config.database_url) as connection:
                connection.execute("SELECT set_config('app.tenant_id', %s, true)", [str(self._own.tenant.id)])
                for table in TABLES:
                    row = connection.execute(FOREIGN.format(table=table)).fetchone()  # type: ignore[call-overload]
                    self.looks["tables"] += 1
                    if row != (0,):
                        self.seen.append(f"{table}: {row}")

    def _listen(self) -> None:
        while not self._over.wait(PAUSE_SECONDS):
            with suppress(psycopg.Error), psycopg.connect(self._config.database_url, autocommit=True) as connection:
                connection.execute("LISTEN live")
                while not self._over.is_set():
                    for message in connection.notifies(timeout=1):
                        self._hear(message.payload)

    def _hear(self, payload: str) -> None:
        if json.loads(payload)["tenant"] == str(self._own.tenant.id):
            self.looks["topics"] += 1
            self._note("topic", payload)

    def _note(self, where: str, text: str) -> None:
        self.seen += [f"{where}: {mark}" for mark in self._foreign.marks if mark in text and mark not in where]
