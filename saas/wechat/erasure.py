"""Forgetting a fan in the gateway: callbacks as they came, answers kept for duplicates, what went out, what was allowed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from saas.db import db
from saas.security.secrets import Unreadable, box_of
from saas.tenancy.scope import current_scope
from saas.wechat.journal import seal_context

MOST_QUARANTINED = 1000
MOST_OPEN = 5000
_KEYS = text("SELECT DISTINCT key FROM journal WHERE tenant_id = :tenant AND account_id = :account AND id = ANY(:ids)")
_ASIDE = text("""
    SELECT key, raw FROM quarantine WHERE tenant_id = :tenant AND account_id = :account
    ORDER BY received_at DESC LIMIT :most
""")
_OPEN = text("""
    SELECT key, raw FROM journal WHERE tenant_id = :tenant AND account_id = :account AND state = 'open' LIMIT :most
""")
# An open row is still to be counted; it is forgotten with what it will have become.
_JOURNAL = text("""
    UPDATE journal SET raw = '', answer = '{"reply": null, "origin": null, "effects": []}'
    WHERE tenant_id = :tenant AND account_id = :account AND state <> 'open' AND (id = ANY(:ids) OR key = ANY(:aside))
""")
_REPLIES = text(
    "UPDATE dedupe_keys SET reply = NULL WHERE tenant_id = :tenant AND account_id = :account AND key = ANY(:keys)"
)
# What waits is not sent any more; what is being sent writes its outcome all the same.
_OUTBOX = text("""
    UPDATE outbox SET openid = NULL, payload = '{}', reason = CASE state WHEN 'planned' THEN 'erased' ELSE reason END,
        finished_at = coalesce(finished_at, clock_timestamp()), state = CASE state WHEN 'planned' THEN 'refused' ELSE state END
    WHERE tenant_id = :tenant AND account_id = :account AND openid = :openid
""")
_ALLOWANCES = text("DELETE FROM allowances WHERE tenant_id = :tenant AND account_id = :account AND openid = :openid")
_QUARANTINE = text("DELETE FROM quarantine WHERE tenant_id = :tenant AND account_id = :account AND key = ANY(:keys)")


def is_awaited(account_id: UUID, openid: str) -> bool:
    """Whether a callback of the fan was not read yet: forgotten before, the fan would come back with it."""
    found = _rows(_OPEN, account_id, most=MOST_OPEN)
    # So many that nobody looks through them: the consumer is behind, and will be asked again.
    return len(found) == MOST_OPEN or bool(_holding(found, account_id, openid))


def forget_fan(account_id: UUID, openid: str, journal_ids: Collection[int]) -> None:
    """Blanks one fan's messages outward, and the callbacks: those named, and what lies in quarantine with the openid in it."""
    place = {"tenant": current_scope().tenant.id, "account": account_id}
    for statement in (_OUTBOX, _ALLOWANCES):
        db.session.execute(statement, {**place, "openid": openid})
    ids = list(journal_ids)
    keys = [bytes(key) for key in db.session.scalars(_KEYS, {**place, "ids": ids})] if ids else []
    aside = _set_aside(account_id, openid)
    if ids or aside:
        db.session.execute(_JOURNAL, {**place, "ids": ids, "aside": aside})
        db.session.execute(_REPLIES, {**place, "keys": keys + aside})
        db.session.execute(_QUARANTINE, {**place, "keys": keys + aside})


def _set_aside(account_id: UUID, openid: str) -> list[bytes]:
    return _holding(_rows(_ASIDE, account_id, most=MOST_QUARANTINED), account_id, openid)


def _rows(query: TextClause, account_id: UUID, *, most: int) -> Sequence[Row[bytes, bytes]]:
    place = {"tenant": current_scope().tenant.id, "account": account_id}
    return db.session.execute(query, {**place, "most": most}).all()


def _holding(found: Iterable[Row[bytes, bytes]], account_id: UUID, openid: str) -> list[bytes]:
    """The keys of sealed callbacks with the openid in them."""
    box, needle = box_of(current_scope().tenant.id), openid.encode()
    keys = []
    for key, raw in found:
        try:
            opened = box.open(bytes(raw), seal_context(account_id, bytes(key)))
        except Unreadable:
            continue
        if needle in opened:
            keys.append(bytes(key))
    return keys
