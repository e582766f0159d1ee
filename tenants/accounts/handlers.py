"""What the accounts learn from the journal: when each was called last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from saas.wechat.batch import Batch
from tenants.accounts import services


def observe(batch: Batch) -> Iterable[str]:
    """Remembers the last callback of each account in the batch; no live page depends on it."""
    heard: dict[UUID, datetime] = {}
    for row in batch.rows:
        heard[row.account_id] = max(row.received_at, heard.get(row.account_id, row.received_at))
    services.record_callbacks(heard)
    return ()
