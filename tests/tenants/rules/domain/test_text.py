"""What makes no difference between two messages."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tenants.rules.domain.emoji_table import FACES
from tenants.rules.domain.text import normalise, plain, spoken

spelling = st.sampled_from([form for face in FACES for form in (face.code, *face.bracketed, *face.unicode) if form])
message = st.lists(st.text(max_size=12) | spelling, max_size=6).map("".join)


@given(message)
@example("／：：）")
@example("[\u200b微笑]")
@example("/:OK")
@example("ſſ ﷺ ΐ")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=20))
def test_width_does_not_count(text: str) -> None:
    assert normalise(unicodedata.normalize("NFKC", text)) == normalise(text)


@given(message, st.sampled_from([" ", "\u3000", "\t", "\n", "\u200b", "\ufeff", "\u00a0"]))
def test_blanks_round_a_message_do_not_count(text: str, blank: str) -> None:
    assert normalise(f"{blank}{text}{blank}") == normalise(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＷｉＦｉ", "wifi"),
        ("WIFI　密码", "wifi 密码"),
        ("早安☀️", "早安[太阳]"),
        ("早安☀", "早安/:sun"),
        ("A\u200bB", "ab"),
        ("Straße", "STRASSE"),
        ("看看\n\n菜单", "看看 菜单"),
    ],
)
def test_two_ways_to_write_one_thing(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


def test_the_name_of_a_face_is_not_a_word() -> None:
    assert "撇嘴" not in normalise("[撇嘴]")
    assert "撇嘴" in normalise("别撇嘴")


def test_patterns_see_what_was_typed() -> None:
    assert plain(" ＡＢ　c\u200b [微笑] ") == "AB c [微笑]"


def test_speech_comes_without_its_full_stop() -> None:
    assert spoken("几点开门。") == "几点开门"
