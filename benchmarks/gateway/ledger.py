"""What was kept of a run: rows of the journal, messages and facts, compared with what was sent."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

_OPEN = "SELECT EXISTS (SELECT FROM journal WHERE state = 'open')"
_COUNTS = """
    SELECT (SELECT count(*) FROM journal WHERE id > %(after)s),
        (SELECT count(DISTINCT key) FROM journal WHERE id > %(after)s),
        (SELECT count(*) FROM journal WHERE id > %(after)s AND state = 'done'),
        (SELECT count(*) FROM messages WHERE journal_id > %(after)s AND direction = 'in'),
        (SELECT count(DISTINCT journal_id) FROM messages WHERE journal_id > %(after)s AND direction = 'in'),
        (SELECT count(*) FROM messages WHERE journal_id > %(after)s AND direction = 'out'),
        (SELECT count(DISTINCT journal_id) FROM messages WHERE journal_id > %(after)s AND direction = 'out')
"""


@dataclass(frozen=True)
class Kept:
    """Rows that a run has left: in the journal, in the timelines, and how many of them for the same push."""

    journal: int
    keys: int
    done: int
    said: int
    said_once: int
    answers: int
    answers_once: int

    @property
    def doubled(self) -> int:
        """Rows too many for the pushes they stand for."""
        return (self.journal - self.keys) + (self.said - self.said_once) + (self.answers - self.answers_once)

    def lost(self, uniques: int, refused: int) -> int:
        """Pushes answered 200 of which a row is missing, in the journal or behind it."""
        return max(0, uniques - refused - min(self.keys, self.done, self.said_once))


def last_id(connection: psycopg.Connection) -> int:
    """The journal's newest number."""
    row = connection.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()
    return int(row[0]) if row else 0


def is_drained(connection: psycopg.Connection) -> bool:
    """Whether nothing waits for the consumer."""
    row = connection.execute(_OPEN).fetchone()
    return row == (False,)


def kept_after(connection: psycopg.Connection, journal_id: int) -> Kept:
    """What stands behind this number."""
    row = connection.execute(_COUNTS, {"after": journal_id}).fetchone()
    return Kept(*(row or ()))
