"""What the corpus's database holds, counted by PostgreSQL itself."""

from __future__ import annotations

from typing import Any

import psycopg

COUNTS = "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM quarantine)"
STATES = "SELECT state, count(*) FROM journal GROUP BY state"
TALK = "SELECT pid, state_change FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


class Ledger:
    """Reads with a connection of its own."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def rows(self) -> tuple[int, int]:
        """Rows in the journal and in quarantine."""
        journal, quarantine = self._ask(COUNTS)[0]
        return journal, quarantine

    def states(self) -> dict[str, int]:
        """The journal's rows by state."""
        return dict(self._ask(STATES))

    def last_words(self) -> set[tuple[Any, ...]]:
        """When each connection of the program last said anything: the same again means it was not asked meanwhile."""
        return set(self._ask(TALK))

    def _ask(self, statement: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement).fetchall()
