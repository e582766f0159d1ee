"""What a web worker weighs: the callback process with 500 accounts of 200 rules each, every account asked once."""

from __future__ import annotations

import http.client
import time
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

import psutil
from sqlalchemy import text as sql

from benchmarks.gateway import crowd
from benchmarks.gateway.account import AES_KEY, TOKEN
from benchmarks.gateway.servers import Servers, granian
from benchmarks.pushes import text
from benchmarks.wire import Account, Wire
from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat import versions
from tenants.accounts.domain import Kind
from tests.factories.accounts import make_account, make_connected
from tests.factories.people import make_tenant

ACCOUNTS, RULES = 500, 200
MEBIBYTE = 1024 * 1024
TRIES = 3

_RULES = sql("""
    INSERT INTO rules (tenant_id, id, account_id, name, enabled, priority, triggers, replies, version)
    SELECT app_tenant(), gen_random_uuid(), :account, rule->>'name', true, 0, rule->'triggers', rule->'replies', 1
    FROM jsonb_array_elements(CAST(:rules AS jsonb)) AS rule
""")


@dataclass(frozen=True)
class Weight:
    """One worker in MiB: all its pages, and those that are its own alone."""

    rss: float
    own: float


def weigh(servers: Servers, environment: dict[str, str]) -> tuple[Weight, Weight]:
    """A worker that has just started, and the same one after each account was asked. Needs the application's context."""
    app_ids = make_accounts()
    command, port = granian("asgi", "asgi:callbacks", workers=1)
    with servers.serving(command, port, environment) as server:
        worker = wait_for_worker(server)
        empty = weight_of(worker)
        for number, app_id in enumerate(app_ids):
            ask(port, app_id, number)
        return empty, weight_of(worker)


def make_accounts() -> list[str]:
    """A brand of 500 connected accounts whose rules are all their own."""
    with enter(system_scope(make_tenant(name="五百号"))):
        hq = make_account(Kind.CENTRAL, name="五百号").id
        nodes = [make_account(Kind.STORE, parent_id=hq, name=f"门店 {n:03}").id for n in range(ACCOUNTS)]
        return [_connect(node, number) for number, node in enumerate(nodes)]


def _connect(node: UUID, number: int) -> str:
    app_id = f"wxweight{number:08}"
    make_connected(node, app_id=app_id, original_id="", token=TOKEN, encoding_aes_key=AES_KEY, mode="plain")
    db.session.execute(_RULES, {"account": node, "rules": crowd.as_json(crowd.rules(RULES, suffix=f"{number:03}"))})
    versions.bump([node])
    db.session.commit()
    return app_id


def ask(port: int, app_id: str, number: int) -> None:
    """One message that a rule answers; a busy machine may want to be asked again, as WeChat would."""
    clear = text(crowd.head(number, int(time.time())), f"{crowd.phrase(0)}{number:03}", number)
    head, _, body = Wire(Account(app_id, "", TOKEN, AES_KEY)).request(clear).partition(b"\r\n\r\n")
    for _ in range(TRIES):
        status, answer = _posted(port, head.split(b" ")[1].decode(), body)
        if status != 503:
            break
    if status != 200 or crowd.phrase(0).encode() not in answer:
        raise RuntimeError(f"{app_id} answered {status}, and not by its rule")


def _posted(port: int, path: str, body: bytes) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request("POST", path, body)
        response = connection.getresponse()
        return response.status, response.read()


def weight_of(process: psutil.Process) -> Weight:
    """As the kernel counts: RSS, and what would be free if the process ended."""
    memory = process.memory_full_info()
    return Weight(memory.rss / MEBIBYTE, memory.uss / MEBIBYTE)


def wait_for_worker(server: psutil.Process) -> psutil.Process:
    """The server's only worker."""
    deadline = time.monotonic() + 10
    while not server.children() and time.monotonic() < deadline:
        time.sleep(0.1)
    return max(server.children(), key=lambda child: child.memory_info().rss)
