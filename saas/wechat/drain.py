"""Brings what waits in the spool into the journal once PostgreSQL is back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from uuid import UUID

import structlog

from saas.security.secrets import Unreadable, box_of
from saas.tenancy.scope import enter_directory
from saas.wechat.journal import Entry, Journal, NotStorable
from saas.wechat.spool import DAMAGED, Record, Spool, read_segment

BATCH = 200
log = structlog.get_logger(__name__)


class Drain:
    """Reads segments and stores their records; killed anywhere it is begun anew without harm."""

    def __init__(self, spool: Spool, journal: Journal) -> None:
        self._spool, self._journal = spool, journal

    def run_once(self) -> int:
        """Stores what finished segments hold, and how many records those were.

        Call it in an application context. Raises NotStored or OperationalError while the database is away.
        """
        return sum(self._drain(path) for path in self._spool.segments())

    def _drain(self, path: Path) -> int:
        records, damaged, count = read_segment(path), 0, 0
        while batch := list(islice(records, BATCH)):
            count += len(batch)
            entries = [entry for record in batch if (entry := _opened(record)) is not None]
            damaged += len(batch) - len(entries) + self._store(entries)
        if damaged:
            # Kept for a person: the key of its tenant may be the wrong one today.
            log.error("spool_damaged", segment=path.name, records=damaged)
            path.rename(path.with_suffix(DAMAGED))
        else:
            path.unlink()
        return count

    def _store(self, entries: Sequence[Entry]) -> int:
        """Stores each callback once; how many the database refused for what stands in them."""
        return sum(self._store_group(group) for group in _groups(entries))

    def _store_group(self, entries: Sequence[Entry]) -> int:
        try:
            self._journal.store_all(entries)
        except NotStorable:
            return 1 if len(entries) == 1 else sum(self._store_group([entry]) for entry in entries)
        return 0


def _opened(record: Record) -> Entry | None:
    try:
        with enter_directory():
            return record.entry(box_of(record.tenant_id))
    except (Unreadable, ValueError, KeyError):
        return None


def _groups(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """The entries, the first of each callback; later ones in groups of their own."""
    while entries:
        first: dict[tuple[UUID, bytes], Entry] = {}
        later = []
        for entry in entries:
            if entry.place in first:
                later.append(entry)
            else:
                first[entry.place] = entry
        yield list(first.values())
        entries = later
