"""The quiz: when how much is said, and what."""

from __future__ import annotations

import pytest

from benchmarks.replay.story import DOUBLES, FIRST_FANS, Pace, Story
from benchmarks.wire import Account
from saas.wechat import xml_reader
from saas.wechat.messages import message_from

ACCOUNTS = [Account(f"wx{n}", f"gh_{n}", "t", "k" * 43) for n in range(3)]
NOW = 1_795_000_000


def story(total: int = 4000, seconds: float = 600.0, seed: int = 1) -> Story:
    return Story(Pace(total, seconds), ACCOUNTS, seed=seed, first_id=1)


def test_everything_is_due_at_the_end_and_nothing_before_the_beginning() -> None:
    pace = Pace(2_800_000, 7_200)
    assert [pace.due(moment) for moment in (-1, 0, 7_200, 9_999)] == [0, 0, 2_800_000, 2_800_000]
    assert pace.questions == 24


def test_what_is_due_only_grows() -> None:
    due = [Pace(1000, 10).due(moment / 10) for moment in range(101)]
    assert due == sorted(due)


def test_a_question_brings_a_burst_and_the_end_more_than_the_beginning() -> None:
    pace = Pace(2_800_000, 7_200)

    def rate(moment: float) -> float:
        return (pace.due(moment + 10) - pace.due(moment)) / 10

    assert rate(3_600) > 2.5 * rate(3_890)
    assert rate(6_900) > 2 * rate(0)
    assert max(rate(moment) for moment in range(0, 7_190, 10)) > 3.5 * 389


@pytest.mark.parametrize(("sent", "question"), [(0, 1), (3_999, 2), (4_000, 2)])
def test_the_question_goes_with_the_pace(sent: int, question: int) -> None:
    assert Pace(4_000, 600).question(sent) == question


def test_the_crowd_grows_and_some_pushes_come_twice() -> None:
    told = story()
    pushes = [told.next(NOW) for _ in range(4_000)]
    doubles = [push for push in pushes if push.is_double]
    assert told.fans > FIRST_FANS + 200
    assert DOUBLES / 2 < len(doubles) / 4_000 < DOUBLES * 2
    assert len({push.clear for push in pushes}) == 4_000 - len(doubles)


def test_every_push_can_be_read_and_is_for_its_account() -> None:
    told = story()
    for push in (told.next(NOW) for _ in range(800)):
        inbound = message_from(xml_reader.read(push.clear), push.clear)
        assert inbound.original_id == ACCOUNTS[push.account].original_id
        assert len(inbound.openid) == 28


def test_most_of_it_goes_to_the_hot_account() -> None:
    told = story()
    places = [told.next(NOW).account for _ in range(2_000)]
    assert places.count(0) > 1_200
    assert set(places) == {0, 1, 2}


def test_the_same_seed_tells_the_same() -> None:
    one, same, other = story(), story(), story(seed=2)
    assert [one.next(NOW) for _ in range(50)] == [same.next(NOW) for _ in range(50)]
    assert one.next(NOW) != other.next(NOW)
