"""The account of a play."""

from __future__ import annotations

import pytest

from benchmarks.replay.tally import NO_ANSWER, Histogram, Tally


def test_quantiles_are_right_within_five_in_a_hundred() -> None:
    times = Histogram()
    for ms in range(1, 1001):
        times.add(ms)
    assert times.quantile(0.5) == pytest.approx(500, rel=0.05)
    assert times.quantile(0.99) == pytest.approx(990, rel=0.05)
    assert Histogram().quantile(0.99) == 0


def test_each_push_is_answered_under_way_or_lost() -> None:
    tally = Tally()
    for double in (False, True, False):
        tally.note_sent(is_double=double)
    tally.note_answer(0.5, 3.0)
    tally.note_refusal("503")
    tally.note_again()
    tally.note_refusal(NO_ANSWER)
    tally.note_lost()
    assert tally.account() == {
        "sent": 3, "doubles": 1, "answered": 1, "again": 1, "lost": 1, "under_way": 1, "refused": {"503": 1, NO_ANSWER: 1}
    }  # fmt: skip


def test_the_present_is_the_last_whole_second_and_the_times_of_ten() -> None:
    tally = Tally()
    for second, ms in [(0, 900.0), (11, 5.0), (11, 5.0), (12, 5.0), (13, 700.0)]:
        tally.note_answer(second + 0.1, ms)
    now = tally.now(13.5)
    assert now["per_second"] == 1
    assert now["p99_ms"] == pytest.approx(700, rel=0.05)
    assert tally.now(30.0)["p99_ms"] == 0
    assert tally.times.count == 5
