"""The product's processes under the rig: started, killed by number, and started again as any supervisor would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import ItemsView, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from saas.config import Config
from saas.stack import plan
from saas.stack.book import Book, Entry
from saas.stack.store import accepts

ROOT = Path(__file__).resolve().parents[2]
LOOK_SECONDS = 0.1


@dataclass
class Process:
    """One process of the product with its log; its group holds what it starts itself."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str]
    book: Book
    port: int | None = None
    starts: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """A new process in a group of its own."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, cwd=ROOT, env=dict(self.environment), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        self.starts += 1
        self.book.add(Entry.of(self.name, self._process.pid))

    def pids(self) -> set[int]:
        """The numbers of all processes of the group."""
        return {process.pid for process in self._members()}

    def starved(self) -> float:
        """Seconds that its processes have waited for a processor, which says more of the machine than of them."""
        return sum(_starved(pid) for pid in self.pids())

    def kill(self) -> None:
        """-9 to all of it."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def tend(self) -> None:
        """Starts it again when it has ended, whatever is left of it killed first."""
        if self._process is not None and self._process.poll() is not None:
            self.kill()
            self.start()

    def is_ready(self) -> bool:
        """Whether it runs and listens."""
        return self._process is not None and self._process.poll() is None and (not self.port or accepts(self.port))

    def end(self) -> None:
        """The last -9."""
        self.kill()
        if self._process is not None:
            self._process.wait()

    def _members(self) -> Iterator[psutil.Process]:
        if self._process is None:
            return
        with suppress(psutil.NoSuchProcess):
            leader = psutil.Process(self._process.pid)
            yield leader
            yield from leader.children(recursive=True)


def _starved(pid: int) -> float:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    return 0.0


class Crew:
    """All processes, and a thread that starts again what ends."""

    def __init__(self, processes: list[Process]) -> None:
        self._processes = {process.name: process for process in processes}
        self._wanted = set(self._processes)
        self._over = threading.Event()
        self._tender = threading.Thread(target=self._tend, name="tender")

    def __getitem__(self, name: str) -> Process:
        return self._processes[name]

    def items(self) -> ItemsView[str, Process]:
        """Names and processes."""
        return self._processes.items()

    def start(self) -> None:
        """All of them."""
        for process in self._processes.values():
            process.start()
        self._tender.start()

    def are_ready(self) -> bool:
        """Whether all run and listen."""
        return all(process.is_ready() for process in self._processes.values())

    def end(self, *names: str) -> None:
        """Kills these, or all; nobody starts them again."""
        if not names:
            self._over.set()
            if self._tender.is_alive():
                self._tender.join()
        for name in names or list(self._processes):
            self._wanted.discard(name)
            self._processes[name].end()

    def _tend(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            for name, process in self._processes.items():
                if name in self._wanted:
                    process.tend()


def crew(folder: Path, config: Config, environment: Mapping[str, str], book: Book) -> Crew:
    """What `make run` starts, but the simulator and the live stream; a second scheduler; and an agent who answers."""
    logs = folder / "logs"
    logs.mkdir()
    known = {child.name: child for child in plan.children(config)}
    wanted = [known[name] for name in ("callback", "web", "consumer", "sender", "worker", "scheduler")]
    wanted.append(replace(known["scheduler"], name="scheduler2"))
    wanted.append(plan.Child("agent", (sys.executable, "-m", "tests.faults.agent", str(folder / "brands.json"), "1")))
    return Crew(
        [Process(one.name, one.command, logs / f"{one.name}.log", environment, book, one.port) for one in wanted]
    )
