"""A tap of the menu and what follows it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from saas.wechat.messages import Click, Image, LocationPicked, PicturesPicked
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


def test_pictures_places_and_their_taps_need_the_past():
    assert keys_of([tap(1)]) == keys_of([picture(1)]) == {KEY}
    assert keys_of([step(1, Click(**at(), event_key="k"))]) == frozenset()


def batches(*steps: Step) -> list[set[int]]:
    """The sources that follow, each act in a batch of its own."""
    state, found = {}, []
    for one in steps:
        followed = follow([one], state)
        state |= followed.changed
        found.append(set(followed.sources))
    return found


def test_a_tap_that_is_read_after_its_picture_is_one_with_it():
    assert batches(picture(1, 5), tap(1)) == [set(), {100}]
    assert batches(picture(1, 5), tap(2), picture(2, 6), picture(3, 7)) == [set(), {100}, {2}, set()]


def test_so_it_is_after_several_of_them():
    assert batches(picture(1, 5), picture(2, 4), tap(3), picture(3, 6)) == [set(), set(), {100}, {3}]


@pytest.mark.parametrize("seconds", [-1, 121])
def test_a_picture_from_before_or_long_after_the_tap_is_none_of_its(seconds):
    assert batches(picture(1, seconds), tap(1), picture(2, 1)) == [set(), set(), {2}]


def test_a_tap_that_announces_nothing_is_one_with_nothing():
    assert batches(picture(1, 5), tap(0)) == [set(), set()]


def test_a_picture_from_before_the_tap_takes_nothing_from_those_that_are_awaited():
    assert batches(tap(1, 60), picture(1, 5), picture(2, 61)) == [set(), set(), {2}]


def test_pictures_that_came_by_themselves_long_ago_are_forgotten():
    assert follow([picture(1, 500)], {KEY: Awaited(-3, NOON)}).changed == {
        KEY: Awaited(-1, NOON + timedelta(seconds=500))
    }
