"""Faults named for the log without what a fan wrote: an error's text may quote it, its kind and place can't."""

from __future__ import annotations

import traceback
from pathlib import Path

LIBRARIES = ("site-packages", "lib/python")
MOST_STEPS = 12


def describe(error: BaseException) -> dict[str, str]:
    """The kind of the error, the last line of our own code that it passed, and the way there."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(name, line) for name, line in frames if not any(library in name for library in LIBRARIES)]
    name, line = (ours or frames or [("", 0)])[-1]
    way = " > ".join(f"{Path(name).stem}:{line}" for name, line in ours[-MOST_STEPS:])
    return {"error": type(error).__name__, "cause": _cause(error), "place": f"{name}:{line}", "way": way}


def _cause(error: BaseException) -> str:
    original = getattr(error, "orig", None)
    return f"{type(original).__name__} {getattr(original, 'sqlstate', None) or ''}".strip() if original else ""
