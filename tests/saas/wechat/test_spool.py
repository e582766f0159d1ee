"""The spool: sealed, on the disk when it says so, bounded, and readable after a crash at any byte."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.db import new_id
from saas.security.secrets import Box, Unreadable
from saas.wechat.spool import PARTIAL, SUFFIX, Record, Spool, SpoolFull, read_segment
from tests.saas.wechat.test_journal import entry_for

BOX = Box(b"k" * 32)


def record(words="hello"):
    return Record.of(entry_for(new_id(), new_id(), reply=words), BOX)


@pytest.fixture
def spool(tmp_path):
    made = Spool(tmp_path / "spool", most_bytes=100_000)
    yield made
    made.finish()


def test_what_goes_in_comes_out(spool):
    entry = entry_for(new_id(), new_id(), reply="优惠")
    spool.append([Record.of(entry, BOX)])
    spool.finish()
    (path,) = spool.segments()
    (read,) = read_segment(path)
    again = read.entry(BOX)
    assert again == replace(entry, version=None, received_at=again.received_at)
    assert again.received_at is not None


def test_nothing_stands_readable_and_nobody_else_may_look(spool):
    spool.append([record("secret-words")])
    (path,) = spool.folder.iterdir()
    assert b"secret-words" not in path.read_bytes()
    assert (path.stat().st_mode & 0o777, spool.folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_another_tenants_box_opens_nothing(spool):
    moved = replace(record(), tenant_id=new_id())
    with pytest.raises(Unreadable):
        moved.entry(BOX)


def test_an_open_segment_is_its_writers(spool):
    spool.append([record()])
    assert list(Spool(spool.folder, most_bytes=1).segments()) == []
    spool.finish()
    assert len(list(Spool(spool.folder, most_bytes=1).segments())) == 1


def test_a_look_at_a_segment_in_the_making_takes_nothing_from_its_writer(spool):
    stop = threading.Event()

    def look():
        while not stop.is_set():
            list(Spool(spool.folder, most_bytes=1).segments())

    with ThreadPoolExecutor(2) as others:
        for _ in range(2):
            others.submit(look)
        try:
            for _ in range(300):
                spool.append([record()])
                spool.finish()
                for path in spool.folder.glob(f"*{SUFFIX}"):
                    path.unlink()
        finally:
            stop.set()


def test_a_full_spool_takes_nothing_and_keeps_what_it_has(spool):
    small = Spool(spool.folder, most_bytes=1000)
    small.append([record()])
    before = small.size()
    with pytest.raises(SpoolFull):
        small.append([record("x" * 1000)])
    assert small.size() == before
    small.finish()


@given(st.integers(0, 900))
def test_a_torn_end_hides_nothing_before_it(tmp_path_factory, cut):
    spool = Spool(tmp_path_factory.mktemp("spool"), most_bytes=100_000)
    whole = [record(), record(), record()]
    ends = []
    for one in whole:
        spool.append([one])
        ends.append(spool.size())
    spool.finish()
    (path,) = spool.segments()
    os.truncate(path, min(cut, ends[-1]))
    assert len(list(read_segment(path))) == sum(end <= cut for end in ends)


def test_what_was_only_begun_is_removed_and_a_name_lost_meanwhile_loses_nothing(spool, monkeypatch):
    spool.folder.mkdir()
    (spool.folder / f"begun{PARTIAL}").touch()
    list(spool.segments())
    assert list(spool.folder.iterdir()) == []
    with monkeypatch.context() as away:
        away.setattr(Path, "rename", _lose)
        with pytest.raises(FileNotFoundError):
            spool.append([record()])
    spool.append([record()])
    spool.finish()
    assert sum(len(list(read_segment(path))) for path in spool.segments()) == 1


def _lose(*_paths):
    raise FileNotFoundError


def test_a_disk_that_takes_nothing_leaves_no_half_record(spool, monkeypatch):
    spool.append([record()])
    before = spool.size()

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        spool.append([record()])
    monkeypatch.undo()
    assert spool.size() == before
    spool.append([record()])
    spool.finish()
    assert sum(len(list(read_segment(path))) for path in spool.segments()) == 2
