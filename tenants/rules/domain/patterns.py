"""Patterns that users write: RE2's language, which no pattern can make slow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import re2

MAX_LENGTH = 500
MOST_STEPS = 6_000
"""Of all patterns of an account together: about 250 usual ones."""
# RE2's own measure of a compiled pattern; one that needs more is refused when it is saved.
_MAX_MEMORY = 1 << 18
# All patterns of an account in one automaton, whose states are made as messages ask for them: a little more than what a
# month of different messages asks for, so that a brand pays for hostile ones with time of its own messages alone.
_MAX_SET_MEMORY = 1 << 25
_SET_MEMORY, _STEP_MEMORY = 1 << 16, 1 << 8


class PatternError(ValueError):
    """RE2 does not accept the pattern; the text is RE2's reason."""


def compile_pattern(pattern: str) -> Any:
    """The compiled pattern, blind to case; raises PatternError with RE2's words."""
    if len(pattern) > MAX_LENGTH:
        raise PatternError(f"pattern longer than {MAX_LENGTH} characters")
    try:
        return re2.compile(pattern, _options(_MAX_MEMORY))
    except re2.error as refusal:
        raise PatternError(_words(refusal)) from None


def steps_of(patterns: Iterable[str]) -> int:
    """How much work they are for each byte of a message, at the worst: RE2's steps. Raises PatternError."""
    return sum(compile_pattern(pattern).programsize for pattern in patterns)


class PatternSet:
    """Many patterns looked for in one pass; raises PatternError when one of them is none."""

    def __init__(self, patterns: Sequence[str]) -> None:
        memory = min(_MAX_SET_MEMORY, _SET_MEMORY + _STEP_MEMORY * steps_of(patterns))
        self._set = _set_of(patterns, memory)
        self._apart = () if self._set else tuple(compile_pattern(pattern) for pattern in patterns)
        self.memory = len(self._apart) * _MAX_MEMORY or memory
        """The bytes that it may grow to."""

    def found_in(self, text: str) -> list[int]:
        """The places of the patterns that the text holds."""
        if self._set:
            return sorted(self._set.Match(text) or ())
        return [place for place, pattern in enumerate(self._apart) if pattern.search(text)]


def _set_of(patterns: Sequence[str], memory: int) -> Any:
    """RE2's set; None when together they need too much memory: RE2 sees to that here."""
    together = re2.Set.SearchSet(_options(memory))
    try:
        for pattern in patterns:
            together.Add(pattern)
        together.Compile()
    except re2.error:
        return None
    return together


def _options(memory: int) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = memory
    return options


def _words(refusal: Exception) -> str:
    words = refusal.args[0] if refusal.args else b"invalid pattern"
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
