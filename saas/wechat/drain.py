"""Brings what waits in the spool into the journal once PostgreSQL is back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy.exc import NoResultFound, SQLAlchemyError

from saas import clock
from saas.security.faults import describe
from saas.security.secrets import Unreadable, box_of
from saas.tenancy.scope import enter_directory
from saas.wechat.journal import Entry, Journal, NotStorable, NotStored
from saas.wechat.spool import DAMAGED, SUFFIX, Record, Spool, read_segment

BATCH = 200
KNOWN_FOR = timedelta(days=29)
"""For so long the journal surely knows what a segment has brought before."""
log = structlog.get_logger(__name__)


class Drain:
    """Reads segments and stores their records; killed anywhere it is begun anew without harm."""

    def __init__(self, spool: Spool, journal: Journal) -> None:
        self._spool, self._journal = spool, journal

    def run_once(self) -> int:
        """Stores what finished segments hold, and how many records those were.

        Call it in an application context. Raises NotStored or SQLAlchemyError while the database is away; OSError, after all
        others, when a segment can't be read now. What is left is for the next time.
        """
        count, unread = 0, list[OSError]()
        for path in self._spool.segments():
            try:
                count += self._drain_surely(path)
            except OSError as error:
                unread.append(error)
        if unread:
            raise unread[0]
        return count

    def _drain_surely(self, path: Path) -> int:
        """One segment must not hold up the others, of other brands and other processes."""
        try:
            return self._drain(path)
        except (NotStored, SQLAlchemyError, OSError, MemoryError):
            raise  # it passes, and says nothing about the segment
        except Exception as error:
            log.error("spool_damaged", segment=path.name, **describe(error))
            path.rename(path.with_suffix(DAMAGED))
            return 0

    def _drain(self, path: Path) -> int:
        records, damaged, count = read_segment(path), 0, 0
        while batch := list(islice(records, BATCH)):
            count += len(batch)
            entries = [entry for record in batch if (entry := _opened(record)) is not None]
            damaged += len(batch) - len(entries) + self._store(_firsts(entries))
        if damaged:
            # Kept for a person: the key of its tenant may be the wrong one today.
            log.error("spool_damaged", segment=path.name, records=damaged)
            path.rename(path.with_suffix(DAMAGED))
        else:
            path.unlink()
        return count

    def _store(self, entries: Sequence[Entry]) -> int:
        """Stores the entries; how many the database refused for what stands in them."""
        try:
            self._journal.store_all(entries)
        except NotStorable:
            return 1 if len(entries) == 1 else sum(self._store([entry]) for entry in entries)
        return 0


def retry_damaged(folder: Path) -> tuple[int, int]:
    """Gives segments that were kept aside back to whoever drains; how many, and how many are too old to be stored only once."""
    segments = list(folder.glob(f"*{DAMAGED}"))
    since = (clock.now() - KNOWN_FOR).timestamp()
    young = [path for path in segments if path.stat().st_mtime > since]
    for path in young:
        path.rename(path.with_suffix(SUFFIX))
    return len(young), len(segments) - len(young)


def _opened(record: Record) -> Entry | None:
    try:
        with enter_directory():
            return record.entry(box_of(record.tenant_id))
    except (Unreadable, ValueError, KeyError, NoResultFound):  # the last: a brand that is gone
        return None


def _firsts(entries: Iterable[Entry]) -> Sequence[Entry]:
    """The first of each callback: its answer is the one that was given."""
    firsts: dict[tuple[UUID, bytes], Entry] = {}
    for entry in entries:
        firsts.setdefault(entry.place, entry)
    return list(firsts.values())
