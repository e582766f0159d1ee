"""When a rule counts."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.rules.domain.triggers import Standing, Validity

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0, *, day: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("opens", "closes", "hour", "expected"),
    [
        (time(9), time(18), 9, Standing.ACTIVE),
        (time(9), time(18), 18, Standing.OUTSIDE_HOURS),
        (time(22), time(6), 23, Standing.ACTIVE),
        (time(22), time(6), 5, Standing.ACTIVE),
        (time(22), time(6), 6, Standing.OUTSIDE_HOURS),
        (time(22), time(6), 12, Standing.OUTSIDE_HOURS),
        (time(18), None, 23, Standing.ACTIVE),
        (time(18), None, 17, Standing.OUTSIDE_HOURS),
        (None, time(9), 8, Standing.ACTIVE),
        (None, time(9), 9, Standing.OUTSIDE_HOURS),
        (time(9), time(9), 3, Standing.ACTIVE),
        (None, None, 3, Standing.ACTIVE),
    ],
)
def test_hours_are_those_of_the_tenant(opens: time | None, closes: time | None, hour: int, expected: Standing) -> None:
    moment = at(hour).astimezone(UTC)
    assert Validity(SHANGHAI, daily_from=opens, daily_to=closes).standing(moment) is expected


def test_dates_include_the_start_and_exclude_the_end() -> None:
    validity = Validity(SHANGHAI, starts_at=at(8), ends_at=at(8, day=11))
    assert validity.standing(at(7, 59)) is Standing.NOT_STARTED
    assert validity.standing(at(8)) is Standing.ACTIVE
    assert validity.standing(at(8, day=11)) is Standing.ENDED


@given(st.times(), st.times(), st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1950 < moment.year < 2100))
def test_a_window_and_its_opposite_never_both_count(opens: time, closes: time, moment: datetime) -> None:
    day = Validity(SHANGHAI, daily_from=opens, daily_to=closes).standing(moment)
    night = Validity(SHANGHAI, daily_from=closes, daily_to=opens).standing(moment)
    assert (day == night) is (opens == closes)
