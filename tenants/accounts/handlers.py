"""What the accounts learn from the journal, and from what became of effects."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from saas.wechat.batch import Batch
from saas.wechat.outbox import OutboxRow
from tenants.accounts import services


def observe(batch: Batch) -> Iterable[str]:
    """Remembers the last callback of each account in the batch; no live page depends on it."""
    heard: dict[UUID, datetime] = {}
    for row in batch.rows:
        heard[row.account_id] = max(row.received_at, heard.get(row.account_id, row.received_at))
    services.record_callbacks(heard)
    return ()


def observe_sent(row: OutboxRow) -> Iterable[str]:
    """Tells people of a ban, and has an authorisation looked at of which WeChat says that it is over."""
    if row.errcode in services.ENDED:
        services.doubt_authorisation(row.account_id)
    if row.errcode == services.BANNED:
        services.note_ban(row.account_id)
    return ()
