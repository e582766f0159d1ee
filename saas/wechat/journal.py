"""Keeps every callback before it is answered: one statement, one round trip, no session (docs/protocol.md, 6)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from saas.db import DEAD_LINE, new_id
from saas.faultpoints import Point, reach
from saas.wechat.messages import Event, Inbound
from saas.wechat.replies import Reply, reply_from_json

STORE = "SELECT * FROM journal_store(%b, %b, %b, %b, %b::text[], %b::text[], %b, %b)"
QUARANTINE = "SELECT quarantine_store(%s, %s, %s, %s, %s, %s)"
MAX_REASON = 200
LARGEST = 2**64 - 1
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class NotStored(Exception):
    """The callback was not kept, or not in time: no answer may be given, WeChat will try again."""


class NotStorable(NotStored):
    """The database refuses what stands in the entry itself: trying again won't help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One callback as it is stored: `raw` is sealed already, `reply` is what a duplicate shall get.

    `answer` is Answer.to_json, whose reply is `reply`. `version` is that of the rules it was decided with; None stores it whatever they are by now, as having arrived at
    `received_at`: its answer was given already.
    """

    tenant_id: UUID
    account_id: UUID
    key: bytes
    raw: bytes
    answer: dict[str, Any]
    reply: Reply | None
    version: int | None
    received_at: datetime | None = None

    @property
    def place(self) -> tuple[UUID, bytes]:
        """Equal for entries that are one callback."""
        return self.account_id, self.key


@dataclass(frozen=True, slots=True)
class Stored:
    """The first answer ever given; stale means: nothing was stored, decide again with the present rules."""

    reply: Reply | None
    is_new: bool
    is_stale: bool


def key_of(account_id: UUID, inbound: Inbound) -> bytes:
    """Equal for the tries of one push, different for anything else a fan does, even within one second."""
    event = (inbound.event_name, inbound.event_key) if isinstance(inbound, Event) else ("", "")
    parts = (str(account_id), inbound.openid, str(inbound.created_at), inbound.msg_type, *event, inbound.identity)
    # No text of a message can hold a NUL: the parts can't run into each other.
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    # The time first: keys of one moment lie side by side in the index, however many millions are there.
    return (inbound.created_at & LARGEST).to_bytes(8, "big") + digest[:24]


def key_of_unreadable(account_id: UUID, raw: bytes) -> bytes:
    """The key of what can't be read: its own bytes."""
    return hashlib.sha256(account_id.bytes + raw).digest()


def seal_context(account_id: UUID, key: bytes) -> str:
    """What a sealed callback is bound to: it opens nowhere else."""
    return f"journal|{account_id}|{key.hex()}"


def conninfo_of(url: str, seconds: float) -> str:
    """How the callback connects: no statement takes longer than it may wait, a dead line is noticed in seconds."""
    options = f"-c statement_timeout={int(seconds * 1000)} -c lock_timeout={int(seconds * 1000)}"
    plain = url.replace("+psycopg", "", 1)
    return make_conninfo(plain, options=options, connect_timeout=max(2, int(seconds)), **DEAD_LINE)


def arguments_of(entries: Sequence[Entry]) -> tuple[list[Any], ...]:
    """The arrays of STORE; no two entries may share their `place`."""
    return (
        [one.tenant_id for one in entries],
        [one.account_id for one in entries],
        [one.key for one in entries],
        [one.raw for one in entries],
        [_json(one.answer) for one in entries],
        [None if one.reply is None else _json(one.answer["reply"]) for one in entries],
        [one.version for one in entries],
        [one.received_at for one in entries],
    )


def results_of(entries: Sequence[Entry], rows: Sequence[tuple[int, Any, bool]]) -> list[Stored]:
    """What became of each entry, from the rows that STORE returned."""
    results = [Stored(one.reply, is_new=True, is_stale=False) for one in entries]
    for place, first_reply, is_stale in rows:
        results[place - 1] = Stored(reply_from_json(first_reply), is_new=is_stale, is_stale=is_stale)
    return results


class Journal:
    """The callback's own pool in autocommit: one statement is one transaction. Opened on first use, after any fork."""

    def __init__(self, url: str, *, connections: int = 4, seconds: float = 2.0) -> None:
        self._conninfo = conninfo_of(url, seconds)
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=connections,
            timeout=seconds,
            open=False,
            kwargs={"autocommit": True, "prepare_threshold": 0},
        )

    def store(self, entry: Entry) -> Stored:
        """Stores the callback unless it is known, and returns the first answer; raises NotStored."""
        return self.store_all([entry])[0]

    def store_all(self, entries: Sequence[Entry]) -> list[Stored]:
        """Stores callbacks of different `place` in one transaction; raises NotStored when none of them was."""
        reach(Point.JOURNAL_BEFORE_COMMIT)
        rows = self._call(STORE, *arguments_of(entries))
        reach(Point.JOURNAL_AFTER_COMMIT)
        return results_of(entries, cast(list[tuple[int, Any, bool]], rows))

    def quarantine(self, *, tenant_id: UUID, account_id: UUID, key: bytes, raw: bytes, reason: str) -> bool:
        """Keeps an unreadable callback aside, once; raises NotStored."""
        ((is_new,),) = self._call(QUARANTINE, tenant_id, account_id, new_id(), key, raw, reason[:MAX_REASON])
        return bool(is_new)

    def ping(self) -> None:
        """Returns when the database answers; raises NotStored."""
        self._call("SELECT 1")

    def reconnect(self) -> None:
        """Returns when the database answers on a new line, and gives up the lines of before; raises NotStored."""
        try:
            with psycopg.connect(self._conninfo, autocommit=True) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error as error:
            raise NotStored(type(error).__name__) from error
        self._pool.open()
        self._pool.drain()

    def close(self) -> None:
        """Gives all connections back."""
        self._pool.close()

    def _call(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        self._pool.open()
        try:
            with self._pool.connection() as connection:
                return connection.execute(statement, values).fetchall()
        except psycopg.DataError as error:
            raise NotStorable(type(error).__name__) from error
        except (psycopg.Error, PoolTimeout) as error:
            raise NotStored(type(error).__name__) from error
