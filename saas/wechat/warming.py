"""Reads the accounts' keys and rules soon after the start: who is known is answered also while PostgreSQL is away."""

from __future__ import annotations

import threading

import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from saas.security.faults import describe
from saas.tenancy.directory import list_app_ids
from saas.tenancy.scope import enter_directory
from saas.wechat.dispatch import MOST_ACCOUNTS
from saas.wechat.envelope import Refused
from saas.wechat.gateway import Gateway

MOST_NAMES = 100_000
PAUSE_SECONDS = 0.002
FAULT_SECONDS = 1.0
log = structlog.get_logger(__name__)


class Warming:
    """One pass over the accounts, in a thread of its own, giving way to callbacks between any two.

    It reads as many as the process keeps, MOST_ACCOUNTS, and knows the names of all. One that can't be read is logged and holds up no other.
    """

    def __init__(self, app: Flask, gateway: Gateway) -> None:
        self._app, self._gateway = app, gateway
        self._stop, self._settled = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends, done or not."""
        self._stop.set()
        self._thread.join()

    @property
    def is_settled(self) -> bool:
        """Whether the pass is over, or has found PostgreSQL away: nothing is gained by waiting for it."""
        return self._settled.is_set()

    def wait(self) -> None:
        """Returns when every account was read or passed over."""
        self._thread.join()

    def _run(self) -> None:
        with self._app.app_context():
            while not self._stop.is_set():
                try:
                    self._read_all()
                    self._settled.set()
                    return
                except OperationalError:
                    self._settled.set()
                    self._stop.wait(FAULT_SECONDS)  # PostgreSQL is away already: as soon as it is back

    def _read_all(self) -> None:
        with enter_directory():
            app_ids = list_app_ids(MOST_NAMES)
        self._gateway.expect(app_ids)
        known = 0
        for app_id in app_ids[:MOST_ACCOUNTS]:
            if self._stop.wait(PAUSE_SECONDS):
                return
            known += self._read(app_id)
        log.info("accounts_known", accounts=known)

    def _read(self, app_id: str) -> bool:
        """Whether the account is known now; raises OperationalError when the database is away."""
        try:
            self._gateway.refresh(app_id)
        except Refused:
            return False  # disconnected since, or archived
        except OperationalError:
            raise
        except Exception as error:
            log.error("account_not_known", app_id=app_id, **describe(error))
            return False
        return True
