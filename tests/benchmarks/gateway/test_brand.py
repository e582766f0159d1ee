"""The ground of our own server: rules that answer, fans who are known, rows of years, and what the ledger counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from psycopg.conninfo import make_conninfo

from benchmarks.gateway import account, brand, crowd, ledger
from benchmarks.gateway.history import TABLES, History, fill
from benchmarks.pushes import text
from benchmarks.wire import Wire
from saas.stack.bootstrap import bootstrap
from saas.stack.temporary import TemporaryStack
from saas.wechat.consume import run_once
from tests.conftest import TEMPLATE, running, settings
from tests.factories.door import close_door, door_of

NOW = 1_795_000_000
NAME = "crowded"


@dataclass(frozen=True)
class Crowded:
    """A database of its own with the brand in it."""

    app: Flask
    brand: brand.Brand
    url: str


@pytest.fixture(scope="module")
def crowded(stack: TemporaryStack, migrated: object) -> Iterator[Crowded]:
    urls = bootstrap(stack.admin_url, NAME, keys=stack.keys, template=TEMPLATE)
    with running(settings(stack, urls)) as app, app.app_context():
        yield Crowded(app, brand.make_brand(rules=20, fans=50), make_conninfo(stack.admin_url, dbname=NAME))
        close_door(app)
    with psycopg.connect(stack.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(NAME)))


@pytest.mark.parametrize("mode", account.MODES)
def test_a_push_is_answered_by_its_rule_kept_and_consumed_once(crowded: Crowded, mode: str) -> None:
    brand.set_mode(crowded.brand, mode)
    number = account.MODES.index(mode)
    request = Wire(account.account(mode)).request(text(crowd.head(3, NOW), crowd.phrase(5), number))
    head, _, body = request.partition(b"\r\n\r\n")
    path, _, query = head.split(b" ")[1].decode().partition("?")
    with psycopg.connect(crowded.url, autocommit=True) as admin:
        before = ledger.last_id(admin)
        answers = [door_of(crowded.app).post(path, query_string=query, data=body) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert not ledger.is_drained(admin)
        while run_once():
            pass
        kept = ledger.kept_after(admin, before)
        assert ledger.is_drained(admin)
    assert (kept.journal, kept.said_once, kept.answers_once) == (1, 1, 1)
    assert (kept.lost(1, refused=0), kept.doubled) == (0, 0)


def test_years_of_rows_are_laid_under_it_and_every_index_stands_again(crowded: Crowded) -> None:
    with psycopg.connect(crowded.url, autocommit=True) as admin:
        before = counts(admin), indexes(admin)
        fill(History(crowded.url, crowded.brand, rows=1200))
        assert counts(admin) == [count + 1200 for count in before[0]]
        assert indexes(admin) == before[1]
        assert ledger.is_drained(admin)


def counts(admin: psycopg.Connection) -> list[int]:
    return [one(admin, f"SELECT count(*) FROM {table}") for table in TABLES]


def indexes(admin: psycopg.Connection) -> set[str]:
    found = admin.execute("SELECT indexdef FROM pg_indexes WHERE tablename = ANY(%s)", [list(TABLES)]).fetchall()
    return {row[0] for row in found}


def one(admin: psycopg.Connection, query: str) -> int:
    row = admin.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row[0])
