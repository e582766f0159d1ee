"""A tap of the menu and what follows it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from saas.wechat.messages import Image, LocationPicked, PicturesPicked
from tenants.kpi.domain.following import Awaited, Step, follow, keys_of
from tests.factories.figures import NOON, at

ACCOUNT, FAN = UUID(int=1), UUID(int=2)
KEY = (ACCOUNT, FAN, "image")


def step(source: int, inbound, seconds: float = 0) -> Step:
    return Step(source, ACCOUNT, FAN, inbound, NOON + timedelta(seconds=seconds))


def picture(source: int, seconds: float = 0) -> Step:
    return step(source, Image(**at(), message_id=str(source), media_id="m"), seconds)


def tap(count: int | None, seconds: float = 0) -> Step:
    return step(100, PicturesPicked(**at(), event="pic_weixin", count=count), seconds)


@pytest.mark.parametrize(("count", "following"), [(2, {1, 2}), (1, {1}), (None, {1}), (0, set())])
def test_as_many_follow_as_the_tap_announced(count, following):
    assert follow([tap(count), picture(1), picture(2, 1)], {}).sources == following


def test_pictures_of_another_batch_follow_too():
    first = follow([tap(2)], {})
    assert first.changed == {KEY: Awaited(2, NOON)}
    second = follow([picture(1, 5)], first.changed)
    assert second.sources == {1}
    assert second.changed[KEY].remaining == 1


@pytest.mark.parametrize("seconds", [-1, 121])
def test_what_comes_before_or_long_after_stands_alone(seconds):
    assert follow([tap(1), picture(1, seconds)], {}).sources == set()


def test_in_the_same_second_the_tap_comes_first():
    assert follow([picture(1), tap(1)], {}).sources == {1}


def test_a_place_does_not_use_up_a_picture():
    place = step(5, LocationPicked(**at(), event="location_select"))
    assert follow([place, picture(1)], {}).sources == set()


def test_only_pictures_and_places_need_the_past():
    assert keys_of([tap(1)]) == frozenset()
    assert keys_of([picture(1)]) == {KEY}
