"""The rounds: the same messages to one server after the other, again and again, so that a slow moment hits all alike."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psutil
import psycopg

from benchmarks.gateway import crowd, ledger
from benchmarks.gateway.account import account
from benchmarks.gateway.client import Answers, send, write_requests
from benchmarks.gateway.cpu import Split, measured
from benchmarks.gateway.servers import Servers, flask_command, granian, wait_until
from benchmarks.wire import Wire

PEERS = ("hello", "echo", "robot")
WORKERS = 2
"""Of each server: as many as there are cores is best for the peers, whose work is all Python."""
CONNECTIONS = 64
PACED_CONNECTIONS = 512
"""At 1,000 a second a server may stand still for half of one before a request finds no line to leave on in its moment."""
WARM = 500
_seeds = count(1)


@dataclass(frozen=True)
class Prepared:
    """A file of requests, and how many different pushes stand in it."""

    path: Path
    requests: int
    uniques: int


@dataclass(frozen=True)
class Consumed:
    """One pass through our server: what the client saw, what was kept, and when the last row was consumed."""

    answers: Answers
    requests: int
    seconds: float
    drain_seconds: float
    kept: ledger.Kept
    lost: int
    split: Split

    @property
    def per_second(self) -> float:
        """Messages stored and consumed a second, from the first request to the last row."""
        return self.requests / self.seconds

    @property
    def cpu_us(self) -> dict[str, float]:
        """Processor microseconds a message, by process."""
        return {name: seconds / self.requests * 1e6 for name, seconds in self.split.items()}


@dataclass(frozen=True)
class Peer:
    """A peer while it runs."""

    port: int
    process: psutil.Process

    def take(self, prepared: Prepared) -> Echoed:
        """Sends all and waits for all answers."""
        with measured({"server": self.process}) as split:
            answers = send(prepared.path, self.port, connections=CONNECTIONS)
        return Echoed(answers, split["server"] / prepared.requests * 1e6)


@dataclass(frozen=True)
class Echoed:
    """One pass through a peer, and its processor microseconds a message."""

    answers: Answers
    cpu_us: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answers.per_second


@dataclass(frozen=True)
class Ours:
    """Our processes while they run, and an eye on the tables."""

    port: int
    processes: Mapping[str, psutil.Process]
    admin: psycopg.Connection

    def take(self, prepared: Prepared, *, rate: int = 0) -> Consumed:
        """Sends all, waits until all is consumed, and counts."""
        before = ledger.last_id(self.admin)
        with measured(self.processes) as split:
            answers = send(prepared.path, self.port, connections=PACED_CONNECTIONS if rate else CONNECTIONS, rate=rate)
            wait_until(lambda: ledger.is_drained(self.admin), "the journal is consumed", pause=0.02)
            end = time.time()
        kept = ledger.kept_after(self.admin, before)
        return Consumed(
            answers=answers,
            requests=prepared.requests,
            seconds=end - answers.first,
            drain_seconds=end - answers.last,
            kept=kept,
            lost=kept.lost(prepared.uniques, answers.sent - answers.ok),
            split=split,
        )


@dataclass
class Rig:
    """Starts servers and prepares messages."""

    servers: Servers
    folder: Path
    admin: psycopg.Connection
    environment: Mapping[str, str]

    def prepare(self, mode: str, requests: int) -> Prepared:
        """A file of pushes that nobody has seen."""
        made, wire = crowd.pushes(requests, seed=next(_seeds), now=int(time.time())), Wire(account(mode))
        path = self.folder / f"{mode}.requests"
        write_requests(path, (wire.request(push.body) for push in made))
        return Prepared(path, requests, crowd.uniques(made))

    @contextmanager
    def peers(self) -> Iterator[Mapping[str, Peer]]:
        """All peers at once; whoever isn't asked does nothing."""
        with ExitStack() as stack:
            peers = {}
            for name in PEERS:
                command, port = granian("wsgi", f"benchmarks.gateway.peers.{name}:app", workers=WORKERS)
                peers[name] = Peer(port, stack.enter_context(self.servers.serving(command, port)))
            yield peers

    @contextmanager
    def ours(self, mode: str, *, workers: int = WORKERS) -> Iterator[Ours]:
        """The callback process and a consumer, warm."""
        command, port = granian("asgi", "asgi:callbacks", workers=workers)
        with (
            self.servers.serving(command, port, self.environment) as server,
            self.servers.running(flask_command("consume"), **self.environment) as consumer,
        ):
            row = self.admin.execute("SELECT pg_backend_pid()").fetchone()
            postgres = psutil.Process(int(row[0]) if row else 0).parent() or server
            ours = Ours(port, {"server": server, "consumer": consumer, "postgres": postgres}, self.admin)
            ours.take(self.prepare(mode, WARM))
            yield ours
