"""Patterns that users write."""

from __future__ import annotations

import re

import pytest

from tenants.rules.domain import patterns
from tenants.rules.domain.patterns import MAX_LENGTH, PatternError, PatternSet, compile_pattern


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
