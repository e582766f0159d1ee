"""What observers get: journal rows in order of arrival, opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from saas import clock
from saas.wechat.dispatch import Answer
from saas.wechat.messages import Inbound

CLAMP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One callback with our answer. `occurred_at` is WeChat's time, held within seven days of its arrival."""

    id: int
    account_id: UUID
    received_at: datetime
    occurred_at: datetime
    inbound: Inbound
    answer: Answer


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one tenant that are observed in one transaction; `found` is what an observer leaves for those after it."""

    rows: tuple[JournalRow, ...]
    found: dict[str, object] = field(default_factory=dict, compare=False)


def occurred_at(created_at: int, received_at: datetime) -> datetime:
    """WeChat's time stamp as a moment, no further than seven days from the arrival."""
    first, last = received_at - CLAMP, received_at + CLAMP
    if not first.timestamp() <= created_at <= last.timestamp():
        return first if created_at < first.timestamp() else last
    return clock.from_timestamp(created_at)
