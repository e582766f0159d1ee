"""Search words of a text: pairs of neighbouring Chinese characters, and Latin words."""

from __future__ import annotations

import re

_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+")
_LATIN = re.compile(r"[0-9a-zA-ZÀ-ɏ]+")
LONGEST = 2000


def search_words(text: str) -> list[str]:
    """The words that a text is found by, each once; a lone Chinese character stands for itself."""
    text = text[:LONGEST]
    pairs = (pair for run in _HAN.findall(text) for pair in _pairs(run))
    return list(dict.fromkeys([*pairs, *(word.lower() for word in _LATIN.findall(text))]))


def query_words(query: str) -> list[str]:
    """The words that every text with the query in it has; none when the query is a single character or half a word."""
    inner = [run for run in _HAN.findall(query) if len(run) > 1]
    # The first and last Latin word may be cut: only those in between are whole.
    latin = [word.lower() for word in _LATIN.findall(query)[1:-1]]
    return list(dict.fromkeys([*(pair for run in inner for pair in _pairs(run)), *latin]))


def like_pattern(query: str) -> str:
    """The query as a pattern of LIKE that means itself anywhere; the escape is a backslash."""
    plain = query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
