"""Patterns that users write: RE2's language, which no pattern can make slow."""

from __future__ import annotations

from typing import Any

import re2

MAX_LENGTH = 500
# RE2's own measure of a compiled pattern; one that needs more is refused when it is saved.
_MAX_MEMORY = 1 << 18


class PatternError(ValueError):
    """RE2 does not accept the pattern; the text is RE2's reason."""


def compile_pattern(pattern: str) -> Any:
    """The compiled pattern, blind to case; raises PatternError with RE2's words."""
    if len(pattern) > MAX_LENGTH:
        raise PatternError(f"pattern longer than {MAX_LENGTH} characters")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as refusal:
        raise PatternError(_words(refusal)) from None


def _words(refusal: Exception) -> str:
    words = refusal.args[0] if refusal.args else b"invalid pattern"
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
