"""The only module that asks the time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today(time_zone: str) -> date:
    """The present day in a time zone named as in the IANA database."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def day_of(moment: datetime, time_zone: str) -> date:
    """The day that a moment belongs to in a time zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def from_timestamp(seconds: int) -> datetime:
    """A Unix time stamp (WeChat's CreateTime) as an aware moment in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
