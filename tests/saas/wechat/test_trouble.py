"""The database's trouble told from a row's fault; and what one brand's trouble means for the others."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import DataError, InterfaceError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from saas.db import db
from saas.errors import NotFound
from saas.tenancy.scope import enter, system_scope
from saas.wechat import consume, lanes
from saas.wechat.lanes import Lanes
from saas.wechat.trouble import is_doubtful, is_lost, is_transient
from tests.factories.callbacks import fields, text_fields
from tests.saas.wechat.test_consume import states


def said(fault, kind=OperationalError):
    return kind("", {}, fault)


MUTE = said(psycopg.OperationalError("no connection"))
BROKEN = said(errors.InternalError_(), InternalError)
LINE = [MUTE, said(psycopg.InterfaceError(), InterfaceError), PoolTimeout(), said(errors.AdminShutdown()),
        said(errors.IdleInTransactionSessionTimeout())]  # fmt: skip
SERVER = [said(errors.DeadlockDetected()), said(errors.DiskFull()), said(errors.IoError()), said(errors.LockNotAvailable()),
          said(errors.ReadOnlySqlTransaction()), BROKEN]  # fmt: skip
ROW = [said(errors.ProgramLimitExceeded()), said(errors.InFailedSqlTransaction()), MemoryError(), ValueError(),
       said(psycopg.DataError("a NUL"), DataError), said(psycopg.ProgrammingError("no such type"), ProgrammingError)]  # fmt: skip


@pytest.mark.parametrize("error", LINE)
def test_without_a_line_nobody_fares_better(error):
    assert is_lost(error)
    assert is_transient(error)


@pytest.mark.parametrize("error", SERVER)
def test_the_database_s_own_trouble_is_no_rows_fault_and_no_other_brands(error):
    assert is_transient(error)
    assert not is_lost(error)


@pytest.mark.parametrize("error", ROW)
def test_all_else_is_the_rows_fault(error):
    assert not is_transient(error)


def test_what_a_row_may_be_behind_is_told_from_what_it_can_not():
    assert [error for error in (*LINE, *SERVER) if is_doubtful(error)] == [*LINE[:2], BROKEN]


@pytest.fixture
def other(make_other_tenant, connect, post, consumer):
    """Another brand, with a row that passes."""
    brand = make_other_tenant()
    keys = connect(owner=brand)
    post(keys, fields(keys, text_fields("fine")))
    return brand


def failing(error, *words):
    """An observer that gets past no row with one of the words."""

    def observe(batch):
        if any(row.inbound.content in words for row in batch.rows):
            raise error
        return []

    return observe


@pytest.mark.parametrize("error", [said(errors.DeadlockDetected()), said(errors.LockNotAvailable()), BROKEN])
def test_one_brands_trouble_ends_no_others_round(tenant, send, other, business, consumer, capsys, error):
    send("a")
    business.observers.append(failing(error, "a"))
    assert consumer.run_once() == 1
    assert (states(tenant), states(other)) == (["open"], ["done"])
    assert "lane_failed" in capsys.readouterr().out
    business.observers.clear()
    assert consumer.run_once() == 1


def test_nor_does_a_brand_that_is_gone(tenant, send, other, consumer, monkeypatch):
    send("a")
    find = consume.find_tenant
    monkeypatch.setattr(consume, "find_tenant", lambda wanted: find(wanted) if wanted == other.id else _gone())
    assert consumer.run_once() == 1
    assert states(other) == ["done"]


def _gone():
    raise NotFound


def test_a_lock_that_is_not_given_ends_the_wait(tenant, send, business, consumer, urls, monkeypatch):
    monkeypatch.setattr(lanes, "LEAST_PATIENCE", 0.2)
    hurried = replace(consumer, lanes=Lanes(db.engines["platform"], lease_seconds=0.0))
    business.observers.append(lambda _batch: db.session.execute(text("DELETE FROM quarantine WHERE false")) and [])
    send("a")
    with psycopg.connect(urls.owner) as holder:
        holder.execute("LOCK TABLE quarantine IN ACCESS EXCLUSIVE MODE")
        assert hurried.run_once() == 0
    assert states(tenant) == ["open"]
    assert hurried.run_once() == 1


def test_a_row_that_breaks_the_line_each_time_is_put_aside(tenant, send, business, consumer):
    send("a", "poison", "b")
    business.observers.append(failing(MUTE, "poison"))
    for _ in range(consume.MOST_DOUBTS):
        with pytest.raises(OperationalError):
            consumer.run_once()
    assert states(tenant) == ["open"] * 3
    assert consumer.run_once() == 2
    for _ in consume.PAUSES:
        consumer.run_once()
    assert states(tenant) == ["done", "quarantined", "done"]


def test_a_batch_that_passes_ends_the_doubts(tenant, send, business, consumer):
    send("poison")
    business.observers.append(failing(MUTE, "poison"))
    with pytest.raises(OperationalError):
        consumer.run_once()
    assert consumer.doubts == {tenant.id: 1}
    business.observers.clear()
    assert consumer.run_once() == 1
    assert consumer.doubts == {}
    with enter(system_scope(tenant)):
        assert db.session.scalar(text("SELECT tries FROM journal")) == 0
