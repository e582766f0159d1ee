"""Keywords inside a message: which are found, and how much work the worst of them are."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.rules.domain import keywords
from tenants.rules.domain.keywords import MAX_KEYWORD, Parts
from tenants.rules.domain.matching import compile_rules
from tenants.rules.domain.stimulus import MOST_SAID, Stimulus
from tests.factories.rules import rule_spec, trigger

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
NESTED = ["a" * length for length in range(1, 501)]
DICE = Random(7)
COINS = "".join(DICE.choice("ab") for _ in range(MOST_SAID))
NEVER = [head + "x" * rest for head in ("aa", "ab", "ba", "bb") for rest in range(MAX_KEYWORD - 1)]


@pytest.mark.parametrize(
    ("values", "text", "found"),
    [(NESTED, "a" * MOST_SAID, 500), (NEVER, COINS, 4), (NESTED, "a" * 60, 60), (NESTED, "b" * 60, 0)],
)
def test_each_is_found_once_however_often_it_fits(values: list[str], text: str, found: int) -> None:
    assert len(list(Parts(values).found_in(text))) == found


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (NESTED, "a" * 64_000),
        ([f"{'⁗' * whole}{'′' * rest}" for whole in range(100) for rest in range(1, 5)], "⁗" * 20_000),
        (NEVER, COINS * 30),
    ],
)
def test_a_hostile_message_takes_little_memory(words: list[str], text: str) -> None:
    rules, stimulus = compile_rules([rule_spec(*(trigger("keyword", word) for word in words))]), Stimulus(text=text)
    tracemalloc.start()
    assert rules.match(stimulus, NOW) is not None
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 32 * 1024 * 1024


signs = st.text(alphabet="ab菜", min_size=1, max_size=7)


@given(st.lists(signs, min_size=1, max_size=12), st.text(alphabet="ab菜", max_size=30))
def test_longer_ones_from_before_are_found_as_well(values: list[str], text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keywords, "MAX_KEYWORD", 3)
        parts = Parts(dict.fromkeys(values))
    assert sorted(parts.found_in(text)) == sorted({value for value in values if value in text})
