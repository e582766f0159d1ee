"""The consumer's statements on journal rows, run in the tenant's scope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import text

from saas.arrays import plain_array
from saas.db import db, new_id, same_id
from saas.security.secrets import Box, box_of
from saas.tenancy.scope import current_scope
from saas.wechat import xml_reader
from saas.wechat.batch import Batch, JournalRow, occurred_at
from saas.wechat.dispatch import Answer, answer_from_json
from saas.wechat.journal import MAX_REASON, seal_context
from saas.wechat.lanes import DUE, IN_ORDER
from saas.wechat.messages import message_from
from saas.wechat.metrics import QUARANTINED

OPEN = text(f"""
    (SELECT id FROM journal WHERE tenant_id = :tenant_id AND {DUE} AND urgent ORDER BY id LIMIT :most_urgent)
    UNION ALL
    (SELECT id FROM journal WHERE tenant_id = :tenant_id AND {DUE} ORDER BY id LIMIT :most)
""")
CLAIM = text("""
    SELECT id, CAST(account_id AS text), received_at, key, raw, CAST(answer AS text) FROM journal
    WHERE tenant_id = :tenant_id AND state = 'open' AND id = ANY(CAST(:ids AS bigint[])) ORDER BY id FOR UPDATE SKIP LOCKED
""")
DONE = text("""
    UPDATE journal SET state = 'done'
    WHERE tenant_id = :tenant_id AND id = ANY(CAST(:ids AS bigint[])) AND received_at BETWEEN :first AND :last
""")
# Behind the last pause there is none: the row is put aside.
FAILED = text("""
    UPDATE journal SET tries = tries + 1, error = :error,
        due_at = clock_timestamp() + make_interval(secs => coalesce((CAST(:pauses AS float8[]))[tries + 1], 0)),
        state = CASE WHEN tries < cardinality(CAST(:pauses AS float8[])) THEN 'open' ELSE 'quarantined' END
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
MOST_URGENT = 500


def open_ids(most: int) -> list[int]:
    """The oldest rows that are due, and before them those of fans who ask for a person; asked in a transaction of its own."""
    db.session.execute(IN_ORDER)
    values = {"tenant_id": _tenant_id(), "most": most, "most_urgent": MOST_URGENT}
    return sorted(set(db.session.scalars(OPEN, values)))


def claim(ids: list[int]) -> Batch:
    """The rows that are still open, locked until the commit, opened and read."""
    found = db.session.execute(CLAIM, {"tenant_id": _tenant_id(), "ids": plain_array(ids)}).all()
    box = box_of(_tenant_id())
    return Batch(tuple(_opened(row, box) for row in found))


def mark_done(batch: Batch) -> None:
    """Every observer has seen them."""
    if not batch.rows:
        return
    times = [row.received_at for row in batch.rows]
    values = {"ids": plain_array(row.id for row in batch.rows), "first": min(times), "last": max(times)}
    db.session.execute(DONE, {"tenant_id": _tenant_id(), **values})


def note_failure(row_id: int, error: Exception, *, pauses: Sequence[float]) -> bool:
    """Counts a try, after which the row rests for the pause of that number, in seconds; others go on meanwhile.

    Whether it was the last, so that the row was put aside.
    """
    reason = type(error).__name__[:MAX_REASON]
    values: dict[str, Any] = {"tenant_id": _tenant_id(), "id": row_id}
    state = db.session.scalar(FAILED, {**values, "error": reason, "pauses": plain_array(pauses)})
    if state == "quarantined":
        db.session.execute(PUT_ASIDE, {**values, "quarantine_id": new_id(), "reason": reason})
        QUARANTINED.labels("consumer").inc()
    return bool(state == "quarantined")


def announce(tenant_id: UUID, topics: Iterable[str]) -> None:
    """Tells live pages, on commit, which of their parts have changed."""
    # A notification holds 8000 bytes; a page that misses a topic sees it at its next look.
    named = sorted(topics)[:MOST_TOPICS]
    if named:
        db.session.execute(NOTIFY, {"message": json.dumps({"tenant": str(tenant_id), "topics": named})})


def _opened(row: Sequence[Any], box: Box) -> JournalRow:
    row_id, account, received_at, key, sealed, answer = row
    account_id = same_id(account)
    raw = box.open(sealed, seal_context(account_id, key))
    inbound = message_from(xml_reader.read(raw), raw)
    return JournalRow(
        row_id, account_id, received_at, occurred_at(inbound.created_at, received_at), inbound, _answer(answer)
    )


# A rule says the same to thousands.
@lru_cache(maxsize=4096)
def _answer(value: str) -> Answer:
    return answer_from_json(json.loads(value))


def _tenant_id() -> UUID:
    return current_scope().tenant.id
