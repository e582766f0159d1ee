"""The doors of WeChat's messages and of what became of ours."""

from __future__ import annotations

from collections.abc import Iterable

from saas.wechat.batch import Batch
from saas.wechat.outbox import OutboxRow
from tenants.kpi.services.answering import count_answer
from tenants.kpi.services.counting import count_batch

TOPIC = "kpi"


def observe(batch: Batch) -> Iterable[str]:
    """Counts what happened; tells live pages when figures have changed."""
    return {TOPIC} if count_batch(batch) else ()


def observe_sent(row: OutboxRow) -> Iterable[str]:
    """Counts a person's answer once it has reached WeChat."""
    return {TOPIC} if count_answer(row) else ()
