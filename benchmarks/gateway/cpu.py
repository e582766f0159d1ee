"""Who used the processors: the time of a process and of all that it started."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import psutil

CORES = os.cpu_count() or 1
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
    """Each one's share of all cores during the block, filled in at its end."""
    split: Split = {}
    before, begun = {name: seconds_of(process) for name, process in processes.items()}, time.monotonic()
    yield split
    wall = time.monotonic() - begun
    for name, process in processes.items():
        split[name] = (seconds_of(process) - before[name]) / (CORES * wall)
