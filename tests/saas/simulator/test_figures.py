"""Datacube: fans from the simulator's own history, articles as seeded, by Beijing days, ready at eight."""

from __future__ import annotations

from typing import Any

import pytest

from tests.saas.simulator.conftest import Box


def span(box: Box, name: str, first: str, last: str = "") -> Any:
    return box.post(f"/datacube/{name}", {"begin_date": first, "end_date": last or first})


@pytest.fixture
def march(box: Box) -> Box:
    """Two follow by code and one by search on 3 March; on the 4th one leaves and two come."""
    box.set_clock("2026-03-03T10:00:00+08:00")
    first = box.fan(scene="shop-1")
    box.fan(scene="shop-1")
    box.fan()
    box.set_clock("2026-03-04T23:59:00+08:00")
    box.act(first, type="unsubscribe")
    box.fans(2)
    box.set_clock("2026-03-05T09:00:00+08:00")
    return box


def test_new_and_lost_by_source(march: Box) -> None:
    assert span(march, "getusersummary", "2026-03-03", "2026-03-04")["list"] == [
        {"ref_date": "2026-03-03", "user_source": 1, "new_user": 1, "cancel_user": 0},
        {"ref_date": "2026-03-03", "user_source": 30, "new_user": 2, "cancel_user": 0},
        {"ref_date": "2026-03-04", "user_source": 1, "new_user": 2, "cancel_user": 0},
        {"ref_date": "2026-03-04", "user_source": 30, "new_user": 0, "cancel_user": 1},
    ]


def test_the_total_at_each_days_end(march: Box) -> None:
    rows = span(march, "getusercumulate", "2026-03-02", "2026-03-04")["list"]
    assert [row["cumulate_user"] for row in rows] == [0, 3, 4]


def test_nothing_before_eight(march: Box) -> None:
    march.set_clock("2026-03-05T07:59:00+08:00")
    assert [row["ref_date"] for row in span(march, "getusercumulate", "2026-03-03", "2026-03-04")["list"]] == [
        "2026-03-03"
    ]
    assert span(march, "getbizsummary", "2026-03-04") == {"list": [], "is_delay": True}


@pytest.mark.parametrize(
    ("name", "first", "last", "code"),
    [
        ("getusersummary", "2026-02-20", "2026-02-27", 61501),
        ("getusersummary", "2026-03-05", "2026-03-05", 61501),
        ("getusersummary", "2026-03-04", "2026-03-03", 61501),
        ("getusersummary", "2014-11-30", "2014-11-30", 61501),
        ("getarticlesummary", "2026-03-03", "2026-03-04", 61501),
        ("getusersummary", "5 March", "2026-03-04", 61500),
    ],
)
def test_wrong_spans(march: Box, name: str, first: str, last: str, code: int) -> None:
    assert span(march, name, first, last)["errcode"] == code


def test_articles(march: Box) -> None:
    figures = {"read_user": 40, "read_count": 52, "share_user": 4, "like_user": 3, "comment_count": 2, "zaikan_user": 1}
    rows = [
        {"msgid": "100_1", "title": "春日特饮", "day": "2026-03-03", "figures": figures},
        {"msgid": "100_1", "title": "春日特饮", "day": "2026-03-04", "figures": {"read_user": 10, "read_count": 11}},
        {"msgid": "100_2", "title": "很少人读", "day": "2026-03-03", "figures": {"read_user": 2, "read_count": 2}},
    ]
    assert march.sim("/articles", {"articles": rows}) == {"stored": 3}
    [summary] = span(march, "getarticlesummary", "2026-03-03")["list"]
    assert (summary["msgid"], summary["int_page_read_user"], summary["int_page_read_count"]) == ("100_1", 40, 52)
    total = span(march, "getarticletotal", "2026-03-03")["list"][0]
    assert [day["stat_date"] for day in total["details"]] == ["2026-03-03", "2026-03-04"]
    biz = span(march, "getbizsummary", "2026-03-03", "2026-03-04")
    assert biz["is_delay"] is False
    assert [row["detail"]["read_user"] for row in biz["list"]] == [42, 10]
    assert biz["list"][0]["detail"].items() >= {"share_user": 4, "like_user": 3, "comment_count": 2}.items()
    read = span(march, "getarticleread", "2026-03-03")["list"]
    assert [row["msgid"] for row in read] == ["100_1", "100_2"]
    assert span(march, "getarticleshare", "2026-03-03")["list"][0]["detail"]["share_user"] == 4
    assert span(march, "getarticletotaldetail", "2026-03-03")["list"][0]["detail_list"][1]["read_user"] == 10
