"""The words that a text is found by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.fans.domain.words import like_pattern, query_words, search_words


def test_chinese_is_found_by_pairs_and_latin_by_words() -> None:
    assert search_words("燕麦拿铁 Oat，冷") == ["燕麦", "麦拿", "拿铁", "冷", "oat"]


@pytest.mark.parametrize(("query", "words"), [("拿铁", ["拿铁"]), ("铁", []), ("at", []), ("a latte b", ["latte"])])
def test_a_query_asks_for_whole_words_alone(query: str, words: list[str]) -> None:
    assert query_words(query) == words


@given(st.text(alphabet="拿铁燕麦冷萃 aB1，", max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_every_text_has_the_words_of_any_part_of_it(text: str, first: int, last: int) -> None:
    assert set(query_words(text[first:last])) <= set(search_words(text))


def test_signs_of_a_pattern_mean_themselves() -> None:
    assert like_pattern("50%_\\") == "%50\\%\\_\\\\%"
