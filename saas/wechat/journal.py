"""Keeps every callback before it is answered: one statement, one round trip, no session (docs/protocol.md, 6)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool, PoolTimeout

from saas.db import new_id
from saas.wechat.messages import Event, Inbound
from saas.wechat.replies import Reply, reply_from_json

STORE = "SELECT * FROM journal_store(%s, %s, %s, %s, %s, %s, %s)"
QUARANTINE = "SELECT quarantine_store(%s, %s, %s, %s, %s, %s)"
MAX_REASON = 200


class NotStored(Exception):
    """The database took the callback not, or not in time: no answer may be given, WeChat will try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One callback as it is stored: `raw` is sealed already, `reply` is what a duplicate shall get."""

    tenant_id: UUID
    account_id: UUID
    key: bytes
    raw: bytes
    answer: dict[str, Any]
    reply: dict[str, Any] | None
    version: int


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
    return hashlib.sha256("\0".join(parts).encode()).digest()


def key_of_unreadable(account_id: UUID, raw: bytes) -> bytes:
    """The key of what can't be read: its own bytes."""
    return hashlib.sha256(account_id.bytes + raw).digest()


def seal_context(account_id: UUID, key: bytes) -> str:
    """What a sealed callback is bound to: it opens nowhere else."""
    return f"journal|{account_id}|{key.hex()}"


class Journal:
    """The callback's own pool in autocommit: one statement is one transaction. Opened on first use, after any fork."""

    def __init__(self, url: str, *, connections: int = 8, seconds: float = 2.0) -> None:
        options = f"-c statement_timeout={int(seconds * 1000)} -c lock_timeout={int(seconds * 1000)}"
        conninfo = make_conninfo(url.replace("+psycopg", "", 1), options=options, connect_timeout=max(2, int(seconds)))
        self._pool: ConnectionPool[psycopg.Connection[Any]] = ConnectionPool(
            conninfo,
            min_size=1,
            max_size=connections,
            timeout=seconds,
            open=False,
            kwargs={"autocommit": True, "prepare_threshold": 0},
        )

    def store(self, entry: Entry) -> Stored:
        """Stores the callback unless it is known, and returns the first answer; raises NotStored."""
        answer, reply = _json(entry.answer), _json(entry.reply)
        first, is_new, is_stale = self._call(
            STORE, entry.tenant_id, entry.account_id, entry.key, entry.raw, answer, reply, entry.version
        )
        return Stored(reply_from_json(first), is_new, is_stale)

    def quarantine(self, *, tenant_id: UUID, account_id: UUID, key: bytes, raw: bytes, reason: str) -> bool:
        """Keeps an unreadable callback aside, once; raises NotStored."""
        return bool(self._call(QUARANTINE, tenant_id, account_id, new_id(), key, raw, reason[:MAX_REASON])[0])

    def close(self) -> None:
        """Gives all connections back."""
        self._pool.close()

    def _call(self, statement: str, *values: object) -> tuple[Any, ...]:
        self._pool.open()
        try:
            with self._pool.connection() as connection:
                return cast(tuple[Any, ...], connection.execute(statement, values).fetchone())
        except (psycopg.Error, PoolTimeout) as error:
            raise NotStored(type(error).__name__) from error


def _json(value: dict[str, Any] | None) -> Jsonb | None:
    return None if value is None else Jsonb(value, dumps=_dumps)


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
