"""Patterns that users write."""

from __future__ import annotations

import re
from random import Random

import pytest

from tenants.rules.domain import patterns
from tenants.rules.domain.patterns import (
    MAX_LENGTH,
    MOST_STEPS,
    PatternError,
    PatternSet,
    compile_pattern,
    steps_of,
)


def test_a_pattern_is_blind_to_case() -> None:
    assert compile_pattern("北京.*(wifi|网)").search("北京店的WiFi")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(咖啡", "missing )"),
        ("*咖啡", "no argument for repetition operator"),
        (r"(a)\1", "invalid escape sequence"),
        ("(?=a)", "invalid perl operator"),
        ("((x{50}){50}){50}", "invalid repetition size"),
        ("[一-龥]{1000}[一-龥]{1000}", "too large"),
        ("a" * (MAX_LENGTH + 1), "longer than"),
    ],
)
def test_a_bad_pattern_is_refused_with_the_words_of_re2(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=re.escape(reason)):
        compile_pattern(pattern)


def test_many_patterns_are_found_in_one_pass() -> None:
    together = PatternSet([r"^\d{4}$", "wifi|网", "", "码$"])
    assert [together.found_in(text) for text in ("1234", "有WiFi吗", "密码", "")] == [[0, 2], [1, 2], [2, 3], [2]]


def test_a_set_says_which_words_are_no_pattern() -> None:
    with pytest.raises(PatternError, match="missing"):
        PatternSet(["咖啡", "(咖啡"])


def test_what_is_too_large_together_is_looked_for_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_MAX_SET_MEMORY", 1 << 10)
    together = PatternSet([f"{word}.{{5,20}}号" for word in "甲乙丙丁戊己庚辛"])
    assert together.found_in("丙一二三四五六七号") == [2]
    assert together.found_in("一二三") == []


def test_the_steps_of_patterns_add_up() -> None:
    short, long = "wifi|网", "(.{1,40}a){10}"
    assert steps_of([]) == 0
    assert steps_of([short, long]) == steps_of([short]) + steps_of([long])
    assert steps_of([short]) < 20 < 3_000 < steps_of([long]) < MOST_STEPS


def test_many_states_take_little_memory_and_hide_nothing() -> None:
    hostile = [f"a[ab]{{{200 + number}}}c{number}" for number in range(25)]
    assert 5_000 < steps_of(hostile) <= MOST_STEPS
    together, dice = PatternSet(hostile), Random(7)
    text = "".join(dice.choice("ab") for _ in range(260))
    assert together.memory < 2 * 1024 * 1024
    for number in (3, 24):
        assert together.found_in(f"{text}a{text[: 200 + number]}c{number}")[-1] == number
