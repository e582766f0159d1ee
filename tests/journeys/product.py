"""The whole product with its demo, started as `make run` starts it."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from saas.app import create_app
from saas.config import Config, inherited_environment
from tenants.registry import CAPABILITIES

ROOT = Path(__file__).resolve().parents[2]
PORTS = ("PORT", "SIMULATOR_PORT", "CALLBACK_PORT", "STREAM_PORT")
START_WITHIN, STOP_WITHIN = 300.0, 60.0
BRAND = "云岫咖啡"
STORE = "云岫咖啡上海外滩店"
REGION = "云岫咖啡华东"


@dataclass(frozen=True)
class Product:
    """Addresses and log-ins of a running product."""

    demo: dict[str, Any]

    @classmethod
    def of(cls, folder: Path) -> Product:
        """Reads what the run in this folder has written."""
        return cls(json.loads((folder / "demo.json").read_text()))

    @property
    def url(self) -> str:
        return str(self.demo["url"])

    @property
    def simulator_url(self) -> str:
        return str(self.demo["simulator_url"])

    @property
    def brand(self) -> dict[str, Any]:
        return next(tenant for tenant in self.demo["tenants"] if tenant["name"] == BRAND)

    def login(self, role: str) -> dict[str, Any]:
        """The first log-in of the role."""
        return next(login for login in self.demo["logins"] if login["role"] == role)

    def account(self, kind: str) -> dict[str, Any]:
        """The account that stands for its kind in the pictures."""
        of_kind = [account for account in self.brand["accounts"] if account["kind"] == kind]
        return next((account for account in of_kind if account["name"] == STORE), of_kind[0])


@contextmanager
def running_product(folder: Path) -> Iterator[Product]:
    """Starts everything with its data in the folder, and stops it."""
    environment = inherited_environment(
        DATA_DIR=str(folder), DATABASE_URL="", REDIS_URL="", **{name: str(free_port()) for name in PORTS}
    )
    log = folder / "product.log"
    with log.open("w") as lines:
        command = [sys.executable, "-m", "saas.stack", "run", "--with-parent"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=lines, stderr=lines)
    try:
        wait_until_started(process, log)
        yield Product.of(folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_WITHIN)


def wait_until_started(process: subprocess.Popen[bytes], log: Path) -> None:
    """The last line says where the log-ins stand; until then nothing is served."""
    deadline = time.monotonic() + START_WITHIN
    while "Ctrl-C stops everything" not in log.read_text():
        assert process.poll() is None, f"the product did not start:\n{log.read_text()}"
        assert time.monotonic() < deadline, f"the product takes too long to start:\n{log.read_text()}"
        time.sleep(0.2)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_running(folder: Path) -> bool:
    """Whether a run already serves from this folder."""
    return any(_alive(int(book.stem.rpartition("-")[2])) for book in folder.glob("processes-*.json"))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def known_app() -> Flask:
    """The application, only for its addresses: nothing is opened."""
    key = base64.b64encode(bytes(32)).decode()
    return create_app(Config(database_url="postgresql:///", secret_key="none", master_key=key), CAPABILITIES)
