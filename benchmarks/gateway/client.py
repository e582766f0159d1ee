"""wrk at work: a file of requests, each sent once, and what came of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("client.lua")
CORES = os.cpu_count() or 1
LONGEST_SECONDS = 300
MARK = "RESULT "


@dataclass(frozen=True)
class Answers:
    """One pass of the client. `first` and `last` are moments of the wall clock; times in milliseconds."""

    sent: int
    answered: int
    statuses: dict[str, int]
    broken: int
    first: float
    last: float
    p50_ms: float
    p99_ms: float
    p995_ms: float
    max_ms: float
    late_ms: float
    """By how much the 995th of 1,000 requests left after its moment, in a paced run."""
    cpu_seconds: float
    wall_seconds: float

    @property
    def cpu_share(self) -> float:
        """The client's processor time, of all cores."""
        return self.cpu_seconds / (CORES * self.wall_seconds)

    @property
    def planned_p99_ms(self) -> float:
        """The p99 from the moment when a request was to leave, at most: five of 1,000 left later, five took longer.

        A client whose lines all wait for a server that stands still sends nothing, and what it didn't send isn't slow.
        """
        return self.late_ms + self.p995_ms

    @property
    def ok(self) -> int:
        """How many were answered 200."""
        return self.statuses.get("200", 0)

    @property
    def seconds(self) -> float:
        """From the first request to the last answer."""
        return self.last - self.first

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds if self.seconds > 0 else 0.0


def write_requests(path: Path, requests: Iterable[bytes]) -> None:
    """The file that the client walks through: before each request a line with its length."""
    with path.open("wb") as file:
        for request in requests:
            file.write(b"%d\n%b" % (len(request), request))


def send(path: Path, port: int, *, connections: int, rate: int = 0) -> Answers:
    """Sends each request once. Raises when the client ends without an account."""
    # wrk lays a copy of every answer aside for its own script only, and stops when the script says so.
    command = [program(), "-t1", f"-c{connections}", f"-d{LONGEST_SECONDS}s", "--timeout", "10s", "-s", str(SCRIPT)]
    command += [f"http://127.0.0.1:{port}/", "--", str(path), str(rate)]
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        if process.returncode is None:
            process.kill()
    return read_account(output, cpu=usage.ru_utime + usage.ru_stime, wall=time.monotonic() - begun)


def read_account(output: str, *, cpu: float, wall: float) -> Answers:
    """What the script printed at its end, as a record."""
    line = next((line for line in output.splitlines() if line.startswith(MARK)), None)
    if line is None:
        raise RuntimeError(f"wrk gave no account: {output[-500:]}")
    told = json.loads(line.removeprefix(MARK))
    return Answers(
        sent=int(told["sent"]),
        answered=int(told["answered"]),
        statuses=told["statuses"],
        broken=told["broken"],
        first=told["first"],
        last=told["last"],
        p50_ms=told["p50_ms"],
        p99_ms=told["p99_ms"],
        p995_ms=told["p995_ms"],
        max_ms=told["max_ms"],
        late_ms=told["late"] * 1000,
        cpu_seconds=cpu,
        wall_seconds=wall,
    )


def program() -> str:
    """The client's path: the one that `make bench` found, else the system's."""
    found = os.environ.get("WRK") or shutil.which("wrk")
    if not found:
        raise RuntimeError("There is no wrk here: run `make bench`, which provides it.")
    return found
