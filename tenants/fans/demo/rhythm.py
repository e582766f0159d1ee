"""When things happen in the demo: seasons, weekends, a campaign peak, the hours of a day."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

MONTHS = (0.92, 0.78, 0.95, 1.0, 1.04, 1.12, 1.2, 1.16, 1.05, 1.1, 1.14, 1.02)
WEEK = (0.9, 0.88, 0.9, 0.95, 1.1, 1.36, 1.3)
HOURS = (2, 1, 1, 1, 1, 2, 8, 28, 34, 26, 24, 30, 40, 34, 36, 40, 34, 30, 34, 40, 44, 36, 20, 8)
CAMPAIGN_BEFORE_END = timedelta(days=150)
CAMPAIGN = (1.6, 3.4, 4.2, 3.1, 2.4, 2.9, 3.0, 1.9, 1.5, 1.2)
"""How much more happens on each day of the campaign."""


class Rhythm:
    """The days from `first` to `last`, each with its weight; moments are drawn from them."""

    def __init__(self, first: date, last: date, zone: ZoneInfo) -> None:
        self.first, self.zone = first, zone
        self.days = (last - first).days + 1
        opening = (last - CAMPAIGN_BEFORE_END - first).days
        weights = (
            _weight(first + timedelta(days=number), number / self.days, number - opening) for number in range(self.days)
        )
        self._sums = [0.0, *accumulate(weights)]
        self._hours = list(accumulate(HOURS))

    def moment(self, random: Random, *, start: int = 0, end: int | None = None) -> datetime:
        """A moment on one of the days numbered `start` to `end` (not included)."""
        stop = self.days if end is None else max(start + 1, end)
        wanted = random.uniform(self._sums[start], self._sums[stop])
        number = min(max(bisect_left(self._sums, wanted) - 1, start), stop - 1)
        (hour,) = random.choices(range(24), cum_weights=self._hours)
        second = timedelta(seconds=random.randrange(3600))
        return datetime.combine(self.first + timedelta(days=number), time(hour), self.zone) + second

    def number_of(self, moment: datetime) -> int:
        """The number of a moment's day."""
        return (moment.astimezone(self.zone).date() - self.first).days


def _weight(day: date, share: float, campaign_day: int) -> float:
    growth = 1.05 - 0.1 * share
    peak = CAMPAIGN[campaign_day] if 0 <= campaign_day < len(CAMPAIGN) else 1.0
    return growth * peak * MONTHS[day.month - 1] * WEEK[day.weekday()]
