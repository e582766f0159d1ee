"""Months and days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def parse_month(value: str) -> date | None:
    """`2026-11` as its first day; None when it is no month of this century."""
    match = _MONTH.fullmatch(value)
    return date(int(match[1]), int(match[2]), 1) if match else None


def named(month: date) -> str:
    """`2026-11`."""
    return f"{month:%Y-%m}"


def add_months(month: date, count: int) -> date:
    """The first day of a month so many months later, or earlier."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def last_day(month: date) -> date:
    """The last day of a month given by its first."""
    return add_months(month, 1) - timedelta(days=1)


def months_between(first: date, last: date) -> Iterator[date]:
    """Months from one to another, both included."""
    while first <= last:
        yield first
        first = add_months(first, 1)


def days_between(first: date, last: date) -> Iterator[date]:
    """Days from one to another, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
