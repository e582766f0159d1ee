"""Patterns that users write."""

from __future__ import annotations

import re

import pytest

from tenants.rules.domain.patterns import MAX_LENGTH, PatternError, compile_pattern


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
