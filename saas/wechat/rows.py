"""The consumer's statements on journal rows, run in the tenant's scope."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from saas.db import db, new_id
from saas.security.secrets import Box, box_of
from saas.tenancy.scope import current_scope
from saas.wechat import xml_reader
from saas.wechat.batch import Batch, JournalRow, occurred_at
from saas.wechat.dispatch import answer_from_json
from saas.wechat.journal import MAX_REASON, seal_context
from saas.wechat.messages import message_from
from saas.wechat.metrics import QUARANTINED

OPEN = text("SELECT id FROM journal WHERE tenant_id = :tenant_id AND state = 'open' ORDER BY id LIMIT :most")
CLAIM = text("""
    SELECT id, account_id, received_at, key, raw, answer FROM journal
    WHERE tenant_id = :tenant_id AND state = 'open' AND id = ANY(:ids) ORDER BY id FOR UPDATE SKIP LOCKED
""")
DONE = text("""
    UPDATE journal SET state = 'done'
    WHERE tenant_id = :tenant_id AND id = ANY(:ids) AND received_at BETWEEN :first AND :last
""")
FAILED = text("""
    UPDATE journal SET tries = tries + 1, error = :error, state = CASE WHEN tries + 1 >= :most THEN 'quarantined' ELSE 'open' END
    WHERE tenant_id = :tenant_id AND id = :id AND state = 'open'
    RETURNING state
""")
PUT_ASIDE = text("""
    INSERT INTO quarantine (tenant_id, id, account_id, key, raw, reason, received_at)
    SELECT tenant_id, :quarantine_id, account_id, key, raw, :reason, received_at FROM journal
    WHERE tenant_id = :tenant_id AND id = :id
""")
NOTIFY = text("SELECT pg_notify('live', :message)")
MOST_TOPICS = 100


def open_ids(most: int) -> list[int]:
    """The oldest open rows."""
    return list(db.session.scalars(OPEN, {"tenant_id": _tenant_id(), "most": most}))


def claim(ids: list[int]) -> Batch:
    """The rows that are still open, locked until the commit, opened and read."""
    found = db.session.execute(CLAIM, {"tenant_id": _tenant_id(), "ids": ids}).all()
    box = box_of(_tenant_id())
    return Batch(tuple(_opened(row, box) for row in found))


def mark_done(batch: Batch) -> None:
    """Every observer has seen them."""
    if not batch.rows:
        return
    times = [row.received_at for row in batch.rows]
    values = {"ids": [row.id for row in batch.rows], "first": min(times), "last": max(times)}
    db.session.execute(DONE, {"tenant_id": _tenant_id(), **values})


def note_failure(row_id: int, error: Exception, *, most_tries: int) -> None:
    """Counts a try; after the last the row is put aside, so that those behind it go on."""
    reason = type(error).__name__[:MAX_REASON]
    values: dict[str, Any] = {"tenant_id": _tenant_id(), "id": row_id}
    state = db.session.scalar(FAILED, {**values, "error": reason, "most": most_tries})
    if state == "quarantined":
        db.session.execute(PUT_ASIDE, {**values, "quarantine_id": new_id(), "reason": reason})
        QUARANTINED.labels("consumer").inc()


def announce(tenant_id: UUID, topics: Iterable[str]) -> None:
    """Tells live pages, on commit, which of their parts have changed."""
    # A notification holds 8000 bytes; a page that misses a topic sees it at its next look.
    named = sorted(topics)[:MOST_TOPICS]
    if named:
        db.session.execute(NOTIFY, {"message": json.dumps({"tenant": str(tenant_id), "topics": named})})


def _opened(row: Row[Any], box: Box) -> JournalRow:
    raw = box.open(bytes(row.raw), seal_context(row.account_id, bytes(row.key)))
    inbound = message_from(xml_reader.read(raw), raw)
    return JournalRow(
        id=row.id,
        account_id=row.account_id,
        received_at=row.received_at,
        occurred_at=occurred_at(inbound.created_at, row.received_at),
        inbound=inbound,
        answer=answer_from_json(row.answer),
    )


def _tenant_id() -> UUID:
    return current_scope().tenant.id
