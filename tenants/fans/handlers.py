"""WeChat's door: what the journal tells of fans."""

from __future__ import annotations

from collections.abc import Iterable

from saas.wechat.batch import Batch
from tenants.fans import services
from tenants.fans.domain.acts import act_of


def observe(batch: Batch) -> Iterable[str]:
    """Keeps fans, their state and their timelines; returns the parts of live pages that changed."""
    batch.found[services.FOUND] = services.record_acts([act_of(row) for row in batch.rows])
    return ("fans",)
