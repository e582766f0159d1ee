"""Faults named for the log without what a fan wrote: an error's text may quote it, its kind and place can't."""

from __future__ import annotations

import traceback

LIBRARIES = ("site-packages", "lib/python")


def describe(error: BaseException) -> dict[str, str]:
    """The kind of the error, and the last line of our own code that it passed."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(name, line) for name, line in frames if not any(library in name for library in LIBRARIES)]
    name, line = (ours or frames or [("", 0)])[-1]
    return {"error": type(error).__name__, "cause": _cause(error), "place": f"{name}:{line}"}


def _cause(error: BaseException) -> str:
    original = getattr(error, "orig", None)
    return f"{type(original).__name__} {getattr(original, 'sqlstate', None) or ''}".strip() if original else ""
