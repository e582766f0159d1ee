"""The door of WeChat's messages."""

from __future__ import annotations

from collections.abc import Iterable

from saas.wechat.batch import Batch
from tenants.kpi.services.counting import count_batch

TOPIC = "kpi"


def observe(batch: Batch) -> Iterable[str]:
    """Counts what happened; tells live pages when figures have changed."""
    return {TOPIC} if count_batch(batch) else ()
