"""Stops what a run left behind when it was killed: `python -m saas.stack.reaper BOOK [FOLDER]`.

It holds the reading end of a pipe whose other end only the run has. When that end closes, however the run
ended, it stops the processes that the run's book still names, and removes the folder if one was given.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from saas.stack.book import stop_left
from saas.stack.owner import remove


class Reaper:
    """The run's end of the pipe; a context that lasts as long as the run."""

    def __init__(self, book: Path, folder: Path | None = None) -> None:
        self._arguments = [str(book), *([str(folder)] if folder else [])]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "saas.stack.reaper", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None or self._process.stdin is None:
            return
        self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)


def main(book: str, folder: str = "") -> None:
    """Waits for the end of the run that started this process, then stops what it left."""
    sys.stdin.buffer.read()
    stop_left(Path(book))
    if folder:
        remove(Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
