"""From the spool into the journal: once, whoever was killed in between, and what is damaged is kept for a person."""

from __future__ import annotations

import errno
import os
from datetime import timedelta

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from saas import clock
from saas.db import new_id
from saas.security.secrets import Box, box_of
from saas.wechat import drain
from saas.wechat.drain import Drain, retry_damaged
from saas.wechat.journal import Journal, NotStored
from saas.wechat.replies import TextReply
from saas.wechat.spool import Record, Spool, read_segment
from tests.saas.wechat.test_journal import entry_for, rows_of

pytestmark = pytest.mark.usefixtures("left_open_is_done")


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "spool", most_bytes=1_000_000)


@pytest.fixture
def journal(app):
    return app.extensions["journal"]


def put(spool, tenant, *entries, box=None):
    box = box or box_of(tenant.id)
    spool.append([Record.of(entry, box) for entry in entries])
    spool.finish()


def test_all_of_it_reaches_the_journal_once(spool, journal, tenant, scope):
    account_id = new_id()
    entries = [entry_for(tenant.id, account_id, key=bytes([number])) for number in range(250)]
    put(spool, tenant, *entries[:30], *entries)
    assert Drain(spool, journal).run_once() == 280
    assert len(rows_of(tenant, "journal")) == 250
    assert spool.is_empty()
    assert Drain(spool, journal).run_once() == 0


def test_of_two_tries_the_first_answer_counts(spool, journal, tenant, scope):
    account_id = new_id()
    put(spool, tenant, *(entry_for(tenant.id, account_id, reply=words) for words in ("first", "second")))
    Drain(spool, journal).run_once()
    assert journal.store(entry_for(tenant.id, account_id, reply="third")).reply == TextReply("first")


def test_it_counts_as_having_arrived_when_it_came(spool, journal, tenant, scope):
    entry = entry_for(tenant.id, new_id())
    record = Record.of(entry, box_of(tenant.id))
    spool.append([record])
    spool.finish()
    Drain(spool, journal).run_once()
    (row,) = rows_of(tenant, "journal")
    assert row.received_at == record.entry(box_of(tenant.id)).received_at


def test_what_the_journal_has_is_not_stored_again(spool, journal, tenant, scope):
    entry = entry_for(tenant.id, new_id())
    journal.store(entry)
    put(spool, tenant, entry)
    Drain(spool, journal).run_once()
    assert len(rows_of(tenant, "journal")) == 1


def test_while_the_database_is_away_nothing_is_dropped(spool, tenant, scope):
    put(spool, tenant, entry_for(tenant.id, new_id()))
    away = Journal("postgresql://app:x@127.0.0.1:1/none", seconds=0.2)
    with pytest.raises(NotStored):
        Drain(spool, away).run_once()
    away.close()
    assert not spool.is_empty()


def test_what_nobody_can_read_holds_up_no_other_segment(spool, journal, tenant, scope):
    gone = Record.of(entry_for(new_id(), new_id()), box_of(tenant.id))
    spool.append([gone])
    spool.finish()
    put(spool, tenant, entry_for(tenant.id, new_id()))
    Drain(spool, journal).run_once()
    assert len(rows_of(tenant, "journal")) == 1


def test_what_cannot_be_opened_is_kept_aside_and_the_rest_stored(spool, journal, tenant, scope):
    account_id = new_id()
    good = Record.of(entry_for(tenant.id, account_id, key=b"good"), box_of(tenant.id))
    bad = Record.of(entry_for(tenant.id, account_id, key=b"bad"), Box(b"x" * 32))
    refused = Record.of(entry_for(tenant.id, account_id, key=b"nul", reply="\0"), box_of(tenant.id))
    spool.append([bad, refused, good])
    spool.finish()
    Drain(spool, journal).run_once()
    assert [bytes(row.key) for row in rows_of(tenant, "journal")] == [b"good"]
    assert [path.suffix for path in spool.folder.iterdir()] == [".damaged"]
    assert spool.is_empty()


@pytest.mark.parametrize("fault", [OSError(errno.EMFILE, ""), OSError(errno.EIO, "")])
def test_a_segment_that_can_not_be_read_now_holds_up_no_other_and_is_stored_later(
    spool, journal, tenant, scope, monkeypatch, fault
):
    for key in (b"first", b"second"):
        put(spool, tenant, entry_for(tenant.id, new_id(), key=key))
    unread, read = sorted(spool.folder.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(drain, "read_segment", lambda path: read_segment(path) if path == read else _raise(fault))
        with pytest.raises(OSError, match=str(fault.errno)):
            Drain(spool, journal).run_once()
    assert list(spool.folder.iterdir()) == [unread]
    assert Drain(spool, journal).run_once() == 1
    assert len(rows_of(tenant, "journal")) == 2


@pytest.mark.parametrize("fault", [PoolTimeout(), MemoryError()])
def test_a_fault_that_passes_damages_nothing(spool, journal, tenant, scope, monkeypatch, fault):
    put(spool, tenant, entry_for(tenant.id, new_id()))
    with monkeypatch.context() as patch:
        patch.setattr(drain, "box_of", lambda _tenant: _raise(fault))
        with pytest.raises(type(fault)):
            Drain(spool, journal).run_once()
    assert Drain(spool, journal).run_once() == 1


def _raise(error):
    raise error


@pytest.fixture
def locked_out(spool, journal, tenant, scope, app, monkeypatch):
    """A spool that a process with another master key has gone through."""
    put(spool, tenant, entry_for(tenant.id, new_id()))
    with monkeypatch.context() as patch:
        patch.setitem(app.extensions, "master_boxes", (Box(b"x" * 32),))
        Drain(spool, journal).run_once()
    assert [path.suffix for path in spool.folder.iterdir()] == [".damaged"]
    assert rows_of(tenant, "journal") == []


@pytest.mark.usefixtures("locked_out")
def test_what_could_not_be_opened_is_stored_once_when_it_is_tried_again(spool, journal, tenant):
    assert retry_damaged(spool.folder) == (1, 0)
    assert Drain(spool, journal).run_once() == 1
    assert len(rows_of(tenant, "journal")) == 1
    assert retry_damaged(spool.folder) == (0, 0)


@pytest.mark.usefixtures("locked_out")
def test_what_the_journal_may_have_forgotten_is_not_tried_again(spool):
    (segment,) = spool.folder.iterdir()
    os.utime(segment, (0, (clock.now() - timedelta(days=30)).timestamp()))
    assert retry_damaged(spool.folder) == (0, 1)
    assert list(spool.folder.iterdir()) == [segment]
