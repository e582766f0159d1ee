"""Every spelling of an emoji is the same token."""

from __future__ import annotations

import html
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.rules.domain.emoji import emoji_in, parts, token_of
from tenants.rules.domain.emoji_table import FACES, Face

TONES = ("", "\U0001f3fb", "\U0001f3ff")


def spellings(face: Face) -> list[str]:
    """All forms in which a phone may send the face."""
    codes = [face.code, html.escape(face.code, quote=False)] if face.code else []
    pictures = [picture + selector for picture in face.unicode for selector in ("", "\ufe0f")]
    private = [face.private] if face.private else []
    return [*codes, *face.bracketed, *(name.upper() for name in face.bracketed), *pictures, *private]


def test_the_table_holds_the_classic_faces() -> None:
    assert sum(1 for face in FACES if face.code) == 105
    assert all(face.chinese for face in FACES)


def test_no_spelling_stands_for_two_faces() -> None:
    written = [set(spellings(face)) for face in FACES]
    assert len(set(chain.from_iterable(written))) == sum(map(len, written))


@given(st.sampled_from(FACES), st.data())
def test_all_spellings_of_a_face_are_one_token(face: Face, data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(spellings(face))) for _ in range(2))
    assert list(parts(one)) == [(True, token_of(other))]


@given(st.lists(st.sampled_from([spelling for face in FACES for spelling in spellings(face)]), min_size=1, max_size=6))
def test_faces_in_a_row_are_told_apart(row: list[str]) -> None:
    assert [part for _, part in parts(" ".join(row)) if part != " "] == [token_of(spelling) for spelling in row]


@pytest.mark.parametrize("tone", TONES)
def test_tone_of_skin_and_gender_do_not_count(tone: str) -> None:
    assert list(parts(f"👍{tone}")) == [(True, "👍")]
    assert list(parts(f"🤦{tone}\u200d♀\ufe0f")) == [(True, token_of("[捂脸]"))]


@pytest.mark.parametrize("sequence", ["🇨🇳", "1\ufe0f\u20e3", "👨\u200d👩\u200d👧", "❤\ufe0f\u200d🔥", "©\ufe0f"])
def test_a_sequence_is_one_emoji(sequence: str) -> None:
    assert [is_emoji for is_emoji, _ in parts(sequence)] == [True]


def test_case_counts_where_it_tells_two_faces_apart() -> None:
    assert token_of("/::D") == token_of("[呲牙]") != token_of("/::d") == token_of("[白眼]")
    assert token_of("[smile]") == token_of("[Smile]")


@pytest.mark.parametrize("text", ["第1次来", "价格©", "[菜单]", "https://example.test/a", "a/b", "→", "①"])
def test_words_are_not_emoji(text: str) -> None:
    assert emoji_in(text) == (frozenset(), False)


def test_emoji_alone_and_among_words() -> None:
    smile = token_of("/::)")
    assert emoji_in("🙂 [微笑]") == (frozenset({smile}), True)
    assert emoji_in("早安/::)") == (frozenset({smile}), False)


@given(st.text(alphabet=st.characters(categories=["L", "Nd", "Zs"]), min_size=1, max_size=40))
def test_letters_and_digits_pass_untouched(text: str) -> None:
    assert list(parts(text)) == [(False, text)]
