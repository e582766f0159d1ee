"""Figures, moments and addresses as pages write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale

from saas.web import filters
from tests.saas.web.gallery import gallery_app

NOON = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def app() -> Flask:
    return gallery_app()


@pytest.fixture(params=["zh"])
def language(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    with app.test_request_context("/list?q=a+b&sort=name&cursor=abc"), force_locale(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "—"), (0, "0"), (9999, "9,999"), (12_345, "1.2 万"), (-12_345, "-1.2 万"), (340_000_000, "3.4 亿")],
)
def test_large_figures_in_chinese(language: str, value: int | None, written: str) -> None:
    assert filters.compact(value) == written


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_large_figures_in_english(language: str) -> None:
    assert filters.compact(12_345) == "12,345"


def test_shares(language: str) -> None:
    assert filters.percent(0.1234) == "12.3%"
    assert filters.percent(None) == "—"


@pytest.mark.parametrize(
    ("value", "before", "share"), [(110, 100, 0.1), (90, 100, -0.1), (5, 0, None), (5, None, None), (None, 5, None)]
)
def test_change(value: int | None, before: int | None, share: float | None) -> None:
    assert filters.change(value, before) == (share if share is None else pytest.approx(share))


def test_moments_stand_in_the_tenants_zone(language: str) -> None:
    assert filters.moment(NOON) == "2026-03-01 12:00"
    assert filters.iso(NOON) == "2026-03-01T12:00:00+08:00"
    assert filters.day(date(2026, 3, 1)) == "2026-03-01"
    assert filters.month(date(2026, 3, 1)) == "2026年3月"


@pytest.mark.parametrize(("ago", "written"), [(5, "刚刚"), (180, "3分钟前"), (-7200, "2小时后")])
@time_machine.travel(NOON, tick=False)
def test_relative(language: str, ago: int, written: str) -> None:
    assert filters.relative(NOON - timedelta(seconds=ago)) == written


@pytest.mark.parametrize(
    ("seconds", "written"), [(None, "—"), (45, "45 秒"), (200, "3 分 20 秒"), (7500, "2 小时 5 分")]
)
def test_duration(language: str, seconds: int | None, written: str) -> None:
    assert filters.duration(seconds) == written


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) MicroMessenger/8.0", "WeChat · iPhone"),
        ("curl/8.0", "未知设备"),
    ],
)
def test_device(language: str, agent: str, name: str) -> None:
    assert filters.device(agent) == name


def test_addresses_keep_the_query(language: str) -> None:
    assert filters.address_with(page=2) == "/list?q=a+b&sort=name&page=2"
    assert filters.address_with(q=None) == "/list?sort=name"
    assert filters.sort_address("name") == "/list?q=a+b&sort=-name"
    assert filters.sort_address("fans") == "/list?q=a+b&sort=fans"
