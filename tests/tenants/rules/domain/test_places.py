"""The nearest stores."""

from __future__ import annotations

import pytest

from tenants.rules.domain import places
from tenants.rules.domain.places import Place, answer, metres_between, named_in, nearest

HAIDIAN = Place(
    "中关村店", ("咖啡", "烘焙"), "中关村大街1号", "北京市", "海淀区", 39.9836, 116.3164, "010-1", "08:00–22:00"
)
CHAOYANG = Place("国贸店", ("咖啡",), "建国路88号", "北京市", "朝阳区", 39.9087, 116.4605)
XUHUI = Place("徐家汇店", ("咖啡",), "虹桥路1号", "上海市", "徐汇区", 31.1944, 121.4365)
NOWHERE = Place("流动车", ("咖啡",), "", "杭州市", "西湖区")
ALL = (HAIDIAN, CHAOYANG, XUHUI, NOWHERE)


def test_distance_on_the_sphere() -> None:
    assert metres_between((39.9042, 116.4074), (31.2304, 121.4737)) == pytest.approx(1_067_000, rel=0.01)
    assert metres_between((1.0, 2.0), (1.0, 2.0)) == 0


def test_the_nearest_come_first_and_places_without_a_point_never() -> None:
    assert [place for place, _ in nearest(ALL, (39.91, 116.46))] == [CHAOYANG, HAIDIAN, XUHUI]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北京海淀有专卖店吗，我想买咖啡", [HAIDIAN]),
        ("北京有店吗", [HAIDIAN, CHAOYANG]),
        ("徐汇区", [XUHUI]),
        ("国贸店怎么走", [CHAOYANG]),
        ("你们店在哪里", []),
    ],
)
def test_a_city_or_district_named_in_the_text(text: str, expected: list[Place]) -> None:
    assert named_in(ALL, text) == expected


def test_an_answer_names_distance_address_phone_and_hours() -> None:
    said = answer(ALL, text="", point=(39.98, 116.31), service="烘焙")
    assert said.startswith(places.NEAR)
    assert "中关村店（680 米）\n📍 北京市海淀区中关村大街1号\n☎ 010-1\n🕘 08:00–22:00" in said
    assert "国贸店" not in said


def test_without_a_place_the_answer_asks_for_it() -> None:
    assert answer(ALL, text="附近的店", point=None) == places.ASK
    assert answer(ALL, text="北京", point=None, service="空调") == places.NONE
    assert answer((NOWHERE,), text="", point=(30.0, 120.0)) == places.NONE
