"""Faults named for the log without what a fan wrote: an error's text may quote it, its kind and place can't. And the log."""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from pathlib import Path

LIBRARIES = ("site-packages", "lib/python")
MOST_STEPS = 12


class LogLines:
    """Where log lines go: standard output. A line that can't be written is dropped: a full disk must cost no answer."""

    def write(self, words: str) -> None:
        """Writes, or doesn't."""
        with suppress(OSError, ValueError):
            sys.stdout.write(words)

    def flush(self) -> None:
        """Hands on what was written, or doesn't."""
        with suppress(OSError, ValueError):
            sys.stdout.flush()  # a line is read while the process lives


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
