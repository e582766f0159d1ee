"""Array literals, read back by PostgreSQL itself."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from saas.arrays import arrays_of, plain_array, text_array
from saas.arrays import given as rows_given
from saas.db import db

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
FIELDS = {"id": "uuid", "at": "timestamptz", "words": "text", "extra": "jsonb", "number": "bigint", "yes": "boolean"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.one_of(st.none(), TEXTS), max_size=8))
def test_texts_come_back_as_they_were(scope, words):
    assert db.session.scalar(text("SELECT CAST(:words AS text[])"), {"words": text_array(words)}) == words


@pytest.mark.parametrize("word", ["NULL", "null", "", " a ", '"', "\\", "{}", "a,b", "\n", "😀", "'; --"])
def test_words_that_look_like_array_syntax_stay_words(scope, word):
    assert db.session.scalar(text("SELECT CAST(:words AS text[])"), {"words": text_array([word])}) == [word]


def test_rows_come_back_as_they_were(scope):
    rows = [
        (UUID(int=1), datetime(2026, 3, 1, 12, 30, 1, 5, tzinfo=UTC), "a", '{"b": "\\"c\\\\"}', 7, True),
        (UUID(int=2), datetime(2026, 3, 1, tzinfo=UTC), None, "{}", None, None),
    ]
    found = db.session.execute(text(f"SELECT * FROM {rows_given(FIELDS)}"), arrays_of(rows, FIELDS)).all()
    assert [tuple(row) for row in found] == [
        (*rows[0][:3], {"b": '"c\\'}, 7, True),
        (*rows[1][:3], {}, None, None),
    ]


def test_no_rows_are_empty_arrays(scope):
    assert db.session.execute(text(f"SELECT * FROM {rows_given(FIELDS)}"), arrays_of([], FIELDS)).all() == []
    assert plain_array([]) == text_array([]) == "{}"


def test_a_nul_is_refused_before_it_moves_columns(scope):
    for word in ("\0", "a\0sb", "\0n", "\0s"):
        with pytest.raises(ValueError, match="NUL"):
            text_array(["a", word])
