"""Who used the processors: the time of a process and of all that it started."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import psutil

Split = dict[str, float]


def seconds_of(leader: psutil.Process) -> float:
    """Processor seconds of a process, its living descendants, and those of them that have ended."""
    total = 0.0
    with suppress(psutil.Error):
        for process in (leader, *leader.children(recursive=True)):
            with suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
        ended = leader.cpu_times()
        total += ended.children_user + ended.children_system
    return total


@contextmanager
def measured(processes: Mapping[str, psutil.Process]) -> Iterator[Split]:
    """Each one's processor seconds during the block, filled in at its end."""
    split: Split = {}
    before = {name: seconds_of(process) for name, process in processes.items()}
    yield split
    for name, process in processes.items():
        split[name] = seconds_of(process) - before[name]
