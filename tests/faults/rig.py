"""The rig: servers, the product's processes, a simulator, two brands, and fans who write; started once for all cells."""

from __future__ import annotations

import base64
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import requests
from flask import Flask
from flask_migrate import upgrade

from saas.config import Config, inherited_environment
from saas.simulator.acting import Desk
from saas.simulator.app import create_app as create_simulator
from saas.simulator.settings import SimulatorSettings
from saas.stack import plan
from saas.stack.book import Book
from saas.stack.bootstrap import bootstrap
from saas.stack.owner import remove
from saas.stack.reaper import Reaper
from saas.stack.store import free_port
from tests.conftest import running
from tests.faults import agent
from tests.faults.brands import Brand, make_brand
from tests.faults.leaks import RedisWatch
from tests.faults.load import Load
from tests.faults.probe import Probe
from tests.faults.processes import Crew, crew
from tests.faults.servers import Servers
from tests.faults.trace import Trace
from tests.saas.simulator.echo import serving

LEASE_SECONDS = SWEEP_SECONDS = 2.0
RETRY_AFTER, ANSWER_WITHIN, TRIES = 5.0, 5.0, 3
ROOT = Path(__file__).resolve().parents[2]
START_WITHIN = 60.0


@dataclass(frozen=True)
class Rig:
    """Everything a cell needs."""

    folder: Path
    config: Config
    app: Flask
    servers: Servers
    crew: Crew
    desk: Desk
    hurt: Brand
    other: Brand
    load: Load
    probe: Probe
    trace: Trace
    watch: RedisWatch
    dead_tokens: list[str] = field(default_factory=list)

    def answers_pages(self) -> bool:
        """Whether the web process answers."""
        with suppress(requests.RequestException):
            return requests.get(f"{self.config.public_url}/healthz", timeout=1).ok
        return False

    def is_warm(self, since: float) -> bool:
        """Whether a push of every account was answered since: a process that knows an account needs no database to answer."""
        query = "SELECT count(DISTINCT app_id) FROM deliveries WHERE at > ? AND status IN ('answered', 'empty')"
        return self.desk.store.count(query, since) == sum(len(brand.accounts) for brand in self.brands)

    def forget_tokens(self) -> None:
        """Tencent lets all access tokens die: the next call must fetch one."""
        self.dead_tokens.extend(row["token"] for row in self.desk.store.rows("SELECT token FROM tokens"))
        self.desk.store.write("DELETE FROM tokens")

    @property
    def brands(self) -> list[Brand]:
        """Both."""
        return [self.hurt, self.other]


@contextmanager
def started(seed: int) -> Iterator[Rig]:
    """The running rig; everything is killed and removed at the end, also when the rig itself is killed."""
    folder = Path(tempfile.mkdtemp(prefix="qiandian-"))
    folder.chmod(0o711)  # PostgreSQL's own user must get through when root runs this
    book = Book(folder / "processes.json")
    with Reaper(folder / "processes.json", folder), ExitStack() as stack:
        stack.callback(remove, folder)
        stack.callback(book.close)
        servers = Servers(folder, book)
        stack.callback(servers.stop)
        for server in (servers.postgres, servers.redis):
            servers.start(server)
        yield _assembled(servers, book, stack, seed)


def _assembled(servers: Servers, book: Book, stack: ExitStack, seed: int) -> Rig:
    folder = servers.folder
    port, callback_port = free_port(), free_port()
    settings = SimulatorSettings(
        database=folder / "simulator.sqlite3", callback_url=f"http://127.0.0.1:{callback_port}",
        answer_within=ANSWER_WITHIN, retry_after=RETRY_AFTER, tries=TRIES, mark_fail_after=1_000_000, testing=True,
    )  # fmt: skip
    simulator = create_simulator(settings)
    config = _config(servers, stack.enter_context(serving(simulator)), port, callback_port)
    desk: Desk = simulator.extensions["simulator"]
    stack.callback(desk.store.close)
    stack.callback(desk.callbacks.close)
    app = stack.enter_context(running(config))
    with app.app_context():
        upgrade()
    hurt, other = make_brand(app, desk, "甲密", ("safe", "plain")), make_brand(app, desk, "乙密", ("safe",))
    trace = Trace(config.data_dir)
    environment = inherited_environment(**plan.environment(config), FAULT_POINTS="on")
    agent.tell(folder / "brands.json", [hurt, other])
    members = crew(folder, config, environment, book)
    stack.callback(members.end)
    members.start()
    wait_until(members.are_ready, START_WITHIN, "all processes listen")
    load = Load(desk, [hurt, other], seed)
    stack.callback(load.stop)
    load.start()
    probe = Probe(config, other, hurt)
    stack.callback(probe.stop)
    probe.start()
    watch = RedisWatch(config.redis_url)
    stack.callback(watch.stop)
    watch.start()
    return Rig(folder, config, app, servers, members, desk, hurt, other, load, probe, trace, watch)


def _config(servers: Servers, simulator_url: str, port: int, callback_port: int) -> Config:
    urls = bootstrap(servers.postgres.url(), "rig", keys=servers.keys)
    return Config(
        port=port, callback_port=callback_port,
        database_url=urls.app, database_owner_url=urls.owner, database_platform_url=urls.platform,
        redis_url=servers.redis.url(), data_dir=servers.folder / "data", secret_key=secrets.token_hex(16),
        master_key=base64.b64encode(secrets.token_bytes(32)).decode(), public_url=f"http://127.0.0.1:{port}",
        wechat_api_url=simulator_url, wechat_mp_url=simulator_url, wechat_open_url=simulator_url,
        lease_seconds=LEASE_SECONDS, sweep_seconds=SWEEP_SECONDS, testing=True,
    )  # fmt: skip


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Asks again and again; how long it took. Raises TimeoutError."""
    started_at = time.monotonic()
    while not condition():
        if time.monotonic() - started_at > seconds:
            raise TimeoutError(f"not within {seconds:g} s: {what}")
        time.sleep(0.1)
    return time.monotonic() - started_at
