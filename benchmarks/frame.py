"""What a benchmark is, and the ground it runs on: the whole application on servers of its own."""

from __future__ import annotations

import base64
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from flask_migrate import upgrade

from saas.app import create_app
from saas.config import Config
from saas.stack.bootstrap import bootstrap
from saas.stack.temporary import TemporaryStack, temporary_stack
from saas.web.i18n import compile_catalogues
from tenants.registry import CAPABILITIES

DATABASE = "bench"
Result = Mapping[str, float]


@dataclass(frozen=True)
class Line:
    """One figure as the table shows it: ours, the peer's, the mark to hold, and whether it holds."""

    benchmark: str
    figure: str
    ours: float
    peer: float | None = None
    mark: str = ""
    holds: bool = True

    def cells(self) -> tuple[str, ...]:
        """The columns of the table."""
        peer = "" if self.peer is None else _figure(self.peer)
        verdict = "" if not self.mark else "ok" if self.holds else "MISSED"
        return self.benchmark, self.figure, _figure(self.ours), peer, self.mark, verdict


def _figure(value: float) -> str:
    return f"{value:,.1f}" if value >= 10 or value == int(value) else f"{value:.3f}"


@dataclass(frozen=True)
class Benchmark:
    """A name, what it measures (as it stands in bench.json), how the table shows that, and a short form."""

    name: str
    run: Callable[[], Result]
    lines: Callable[[Result], Iterable[Line]]
    quick: Callable[[], Result] | None = None


@dataclass(frozen=True)
class Ground:
    """What a benchmark runs on: two servers, the configuration of the product's processes, the application."""

    stack: TemporaryStack
    config: Config
    app: Flask
    database: str = DATABASE


@contextmanager
def application() -> Iterator[Flask]:
    """The application with every capability on a fresh, migrated PostgreSQL and Redis, in its context."""
    with ground() as standing:
        yield standing.app


@contextmanager
def ground(*, durable: bool = False) -> Iterator[Ground]:
    """The same with its servers; durable ones keep what they acknowledged, as in production."""
    compile_catalogues()
    with temporary_stack(durable=durable) as stack:
        urls = bootstrap(stack.admin_url, DATABASE, keys=stack.keys)
        config = Config(
            database_url=urls.app,
            database_owner_url=urls.owner,
            database_platform_url=urls.platform,
            redis_url=stack.redis_url,
            data_dir=stack.folder,
            secret_key="bench",  # noqa: S106 - of a server that lives for a minute
            master_key=base64.b64encode(b"k" * 32).decode(),
            public_url="http://localhost",
        )
        app = create_app(config, CAPABILITIES)
        with app.app_context():
            upgrade()
            yield Ground(stack, config, app)


def milliseconds(work: Callable[[], object], *, times: int, warm: int = 5) -> list[float]:
    """How long each of some warm runs took, sorted."""
    for _ in range(warm):
        work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return sorted(taken)


def median(values: list[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def p95(values: list[float]) -> float:
    """The value that 95 of 100 stay below."""
    return values[min(len(values) - 1, round(len(values) * 0.95))]
