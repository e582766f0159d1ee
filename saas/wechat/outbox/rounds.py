"""The sender process: hears of new effects, looks for open ones every few seconds anyway, and sends several accounts at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import structlog
from flask import Flask, current_app
from sqlalchemy import Engine, text

from saas.config import Config
from saas.db import db
from saas.security.faults import describe
from saas.tenancy.directory import find_tenant
from saas.tenancy.scope import enter_directory
from saas.wechat.outbox.metrics import OLDEST_OPEN
from saas.wechat.outbox.planning import CHANNEL
from saas.wechat.outbox.sending import Sender

THREADS = 8
SPARE = 2
"""Threads kept free of accounts whose last call WeChat did not answer."""
CONNECTIONS = 4
"""The most to PostgreSQL that a thread has at once: an account that was scanned renews its token, and the platform's as well."""
GLANCE_SECONDS = 0.5
LAST_SECONDS = 15.0
"""How long a process that shall stop still tries to write what it alone knows."""
DUE = text("""
    SELECT tenant_id, account_id FROM outbox
    WHERE state = 'planned' AND due_at <= clock_timestamp() OR state = 'sending' AND lease_until < clock_timestamp()
    GROUP BY tenant_id, account_id ORDER BY min(due_at)
""")
OLDEST = text("""
    SELECT greatest(extract(epoch FROM clock_timestamp() - min(CASE tries WHEN 0 THEN due_at ELSE created_at END)), 0)
    FROM outbox WHERE state IN ('planned', 'sending')
""")
Place = tuple[UUID, UUID]
log = structlog.get_logger(__name__)


@dataclass
class Rounds:
    """Which accounts have something due, and who of the threads works on which."""

    app: Flask
    platform: Engine
    sender: Sender
    wake: threading.Event = field(default_factory=threading.Event)
    working: set[Place] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def due(self) -> list[Place]:
        """The accounts with effects that are due or whose sender died, the longest waiting first."""
        with self.platform.connect() as connection:
            OLDEST_OPEN.set(float(connection.scalar(OLDEST) or 0))
            return [(row.tenant_id, row.account_id) for row in connection.execute(DUE)]

    def sweep(self) -> int:
        """Sends everything that is due, one account after the other; returns how many effects were tried."""
        return sum(self._drain(place) for place in self.due())

    def run_forever(self, stop: threading.Event, *, seconds: float) -> None:
        """Sends until told to stop; a fault of the database is waited out."""
        pool = ThreadPoolExecutor(THREADS, "sender")
        while not stop.is_set():
            self.wake.clear()
            try:
                self._settle_kept()
                self._hand_out(pool, stop)
            except Exception as error:
                log.error("sender_round_failed", **describe(error))
            self._rest(stop, seconds)
        # Whoever is in a call hears its answer; nobody begins another.
        pool.shutdown(cancel_futures=True)
        self._settle_last()

    def _settle_kept(self) -> bool:
        with self.app.app_context():
            return self.sender.settle_kept()

    def _settle_last(self) -> None:
        give_up = time.monotonic() + LAST_SECONDS
        while not self._settle_kept():
            if time.monotonic() > give_up:
                log.error("outcomes_lost", effects=[str(row.id) for _, row, _ in self.sender.kept])
                return
            time.sleep(GLANCE_SECONDS)

    def _hand_out(self, pool: ThreadPoolExecutor, stop: threading.Event) -> None:
        for place in self.due():
            with self.lock:
                is_next = place not in self.working and not self._waits(place)
                if is_next:
                    self.working.add(place)
            if is_next:
                pool.submit(self._work, place, stop)

    def _waits(self, place: Place) -> bool:
        unanswered = self.sender.unanswered
        return place[1] in unanswered and sum(one[1] in unanswered for one in self.working) >= THREADS - SPARE

    def _work(self, place: Place, stop: threading.Event) -> None:
        try:
            if self._drain(place, stop):
                self.wake.set()  # what came meanwhile was not handed out
        except Exception as error:
            log.error("sender_failed", account_id=str(place[1]), **describe(error))
        finally:
            with self.lock:
                self.working.discard(place)

    def _drain(self, place: Place, stop: threading.Event | None = None) -> int:
        tenant_id, account_id = place
        with self.app.app_context():
            with enter_directory():
                tenant = find_tenant(tenant_id)
            return self.sender.drain(tenant, account_id, stop=stop)

    def _rest(self, stop: threading.Event, seconds: float) -> None:
        waited = 0.0
        while waited < seconds and not stop.is_set() and not self.wake.wait(GLANCE_SECONDS):
            waited += GLANCE_SECONDS


def run_forever(stop: threading.Event) -> None:
    """The sender of this application."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Config = app.config["SETTINGS"]
    rounds = Rounds(app, db.engines["platform"], app.extensions["outbox"])
    ear = threading.Thread(target=listen, args=(settings.database_url, rounds.wake, stop), daemon=True)
    ear.start()
    rounds.run_forever(stop, seconds=settings.sweep_seconds)
    ear.join()


def listen(url: str, wake: threading.Event, stop: threading.Event) -> None:
    """Wakes whenever an effect was planned. Without PostgreSQL, or behind a pooler, only promptness is lost."""
    conninfo = url.replace("+psycopg", "", 1)
    while not stop.is_set():
        with suppress(psycopg.Error), psycopg.connect(conninfo, autocommit=True, connect_timeout=2) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            while not stop.is_set():
                for _ in connection.notifies(timeout=GLANCE_SECONDS, stop_after=1):
                    wake.set()
        stop.wait(GLANCE_SECONDS)
