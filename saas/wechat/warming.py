"""Reads every account's keys and rules soon after the start: who is known is answered also while PostgreSQL is away."""

from __future__ import annotations

import threading

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from saas.tenancy.directory import list_app_ids
from saas.tenancy.scope import enter_directory
from saas.wechat.envelope import Refused
from saas.wechat.gateway import Gateway

MOST = 2000
"""As many accounts' rules as a process keeps."""
PAUSE_SECONDS = 0.002
FAULT_SECONDS = 1.0
log = structlog.get_logger(__name__)


class Warming:
    """One pass over all accounts, in a thread of its own, giving way to callbacks between any two."""

    def __init__(self, app: Flask, gateway: Gateway) -> None:
        self._app, self._gateway = app, gateway
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends, done or not."""
        self._stop.set()
        self._thread.join()

    def wait(self) -> None:
        """Returns when every account was read."""
        self._thread.join()

    def _run(self) -> None:
        with self._app.app_context():
            while not self._stop.is_set():
                try:
                    self._read_all()
                    return
                except SQLAlchemyError:
                    self._stop.wait(FAULT_SECONDS)  # PostgreSQL is away already: as soon as it is back

    def _read_all(self) -> None:
        with enter_directory():
            app_ids = list_app_ids(MOST)
        for app_id in app_ids:
            if self._stop.wait(PAUSE_SECONDS):
                return
            self._read(app_id)
        log.info("accounts_known", accounts=len(app_ids))

    def _read(self, app_id: str) -> None:
        try:
            self._gateway.refresh(app_id)
        except Refused:
            return  # disconnected since, or archived
