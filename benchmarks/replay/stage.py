"""Where the play takes place: the addresses and accounts of a running `make run`, from its demo.json. Pure but for reading it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.wire import Account

MOST_ACCOUNTS = 6
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NoStage(Exception):
    """There is nothing to play on; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Stage:
    """The callbacks' address, where the product tells its backlog, and who is written to: the first most of all."""

    host: str
    port: int
    metrics_url: str
    accounts: tuple[Account, ...]


def read_stage(folder: Path) -> Stage:
    """The stage that a run in this folder has set; raises NoStage."""
    path = folder / "demo.json"
    if not path.exists():
        raise NoStage(f"There is no {path}: start `make run` in another window first.")
    demo = json.loads(path.read_text())
    address = urlsplit(demo["callback_url"])
    if address.hostname not in LOOPBACK:
        raise NoStage(f"{demo['callback_url']} is not on this machine: the play is for a product that runs here.")
    return Stage(address.hostname, address.port or 80, demo["url"], choose(demo["tenants"]))


def choose(tenants: list[Mapping[str, Any]]) -> tuple[Account, ...]:
    """Accounts of both kinds, plain and sealed: the hot one is sealed, the second plain where there is one."""
    known = [account for tenant in tenants for account in _accounts(tenant)]
    plain = [account for account in known if account.mode == "plain"]
    sealed = [account for account in known if account.mode != "plain"]
    if not known:
        raise NoStage("No account of the demo is connected: load the demo, or connect one.")
    return tuple([*sealed[:1], *plain[:1], *sealed[1:], *plain[1:]][:MOST_ACCOUNTS])


def _accounts(tenant: Mapping[str, Any]) -> Iterator[Account]:
    for account in tenant["accounts"]:
        if account.get("app_id"):
            names = ("app_id", "original_id", "token", "encoding_aes_key", "mode")
            yield Account(*(account[name] for name in names))
