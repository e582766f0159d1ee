"""What a chart's title says."""

from __future__ import annotations

from datetime import date

import pytest

from tenants.kpi.domain.finding import days_finding, year_finding


def year(*values: int | None):
    return [(date(2026, month, 1), value) for month, value in enumerate(values, start=1)]


@pytest.fixture(autouse=True)
def _in_chinese(whole_app):
    with whole_app.test_request_context(headers={"Accept-Language": "zh"}):
        yield


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (year(None, None), "还没有数据"),
        (year(0, 0), "还没有数据"),
        (year(None, 7), "2月至今 7"),
        (year(10, 12, 20), "3月 20，为近一年最高"),
        (year(10, 12, 4), "3月 4，为近一年最低"),
        (year(10, 30, 8, 12), "4月上升 50.0%，达 12"),
        (year(10, 30, 20), "3月下降 33.3%，降至 20"),
        (year(10, 30, 20, 20), "4月 20"),
    ],
)
def test_the_year(points, words):
    assert words in year_finding("互动量", points)


def test_a_month_that_is_not_over_is_not_judged():
    assert "2月上升" not in year_finding("互动量", year(5, 10, 1), present=date(2026, 3, 1))
    assert "2月 10，为近一年最高" in year_finding("互动量", year(5, 10, 1), present=date(2026, 3, 1))


def test_the_days():
    days = [(date(2026, 3, 1), 3), (date(2026, 3, 2), 9), (date(2026, 3, 3), None)]
    assert days_finding("互动量", days) == "互动量合计 12，3月2日最多（9）"
    assert "没有数据" in days_finding("互动量", days[2:])
