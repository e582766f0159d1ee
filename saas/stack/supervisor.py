"""The supervisor behind `make run`: stores, roles, migrations, demo, then the children, until it is told to stop."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import FrameType

from psycopg.conninfo import conninfo_to_dict

from saas.config import Config, inherited_environment
from saas.stack import plan
from saas.stack.book import Book, Entry, book_of, stop_all, stop_left
from saas.stack.bootstrap import Urls, bootstrap, may_bootstrap
from saas.stack.child import RunningChild
from saas.stack.component import tell_simulator, with_component
from saas.stack.console import Console
from saas.stack.demo import Demo
from saas.stack.errors import StackError
from saas.stack.keys import KeyFile
from saas.stack.lock import RunLock
from saas.stack.ports import Claims
from saas.stack.postgres import EmbeddedPostgres
from saas.stack.reaper import Reaper
from saas.stack.redis import EmbeddedRedis, check_url
from saas.stack.store import Store, disk_full

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
ROOT = Path(__file__).parents[2]
DATABASE = "qiandian"
MAINTENANCE = "postgres"
NEEDED_BYTES = 300_000_000
READY_WITHIN = 60.0


class Stopped(Exception):
    """The run was asked to end."""


class Supervisor:
    """One run. `children` and `steps` can be given, for tests."""

    def __init__(
        self,
        config: Config,
        *,
        console: Console | None = None,
        children: Callable[[Config], Sequence[plan.Child]] = plan.children,
        steps: bool = True,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._config = replace(config, data_dir=config.data_dir.absolute())
        self._console = console or Console()
        self._children_of = children
        self._steps = steps
        self._is_wanted = is_wanted
        self._stop = threading.Event()
        self._book = Book(book_of(self._config.data_dir, os.getpid()))
        self._keys = KeyFile(self._config.data_dir / "secrets.json")
        self._running: list[RunningChild] = []

    def run(self) -> None:
        """Runs until a signal comes; raises StackError when it can't start."""
        for number in SIGNALS:
            signal.signal(number, self._on_signal)
        self._config.data_dir.mkdir(parents=True, exist_ok=True)
        with RunLock(self._config.data_dir / "run.lock") as lock:
            try:
                self._run_locked(lock)
            except Stopped:
                self._console.say("✓ Everything is stopped.")

    def stop(self) -> None:
        """Asks the run to end."""
        self._stop.set()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _run_locked(self, lock: RunLock) -> None:
        self._check_disk()
        left = [name for book in sorted(self._config.data_dir.glob("processes-*.json")) for name in stop_left(book)]
        if left:
            self._console.say(f"✓ Stopped what a killed run had left: {', '.join(left)}")
        with Claims() as claims, Reaper(book_of(self._config.data_dir, os.getpid())), ExitStack() as stack:
            config = plan.with_metrics(plan.with_addresses(plan.with_ports(self._config, claims)))
            stack.callback(plan.forget_metrics, Path(config.metrics_dir))
            stack.callback(self._book.close)
            config = with_component(plan.with_keys(config, self._keys), self._keys)
            config = self._open_stores(config, stack)
            environment = inherited_environment(**plan.environment(config))
            stack.callback(self._stop_children)
            stack.callback(lock.announce_stop)
            self._prepare(config, environment)
            self._start(config, environment)
            self._watch()

    def _check_disk(self) -> None:
        if shutil.disk_usage(self._config.data_dir).free < NEEDED_BYTES:
            raise StackError(disk_full(self._config.data_dir))

    def _open_stores(self, config: Config, stack: ExitStack) -> Config:
        if config.redis_url:
            check_url(config.redis_url)
        else:
            embedded = EmbeddedRedis(config.data_dir / "redis")
            self._open(embedded, stack)
            config = replace(config, redis_url=embedded.url())
        if not config.database_url:
            postgres = EmbeddedPostgres(config.data_dir / "postgres")
            self._open(postgres, stack)
            return plan.with_urls(config, bootstrap(postgres.url(), DATABASE, keys=self._keys))
        if config.database_owner_url and config.database_platform_url:
            return config
        return plan.with_urls(config, self._bootstrap_outside(config.database_url))

    def _open(self, store: Store, stack: ExitStack) -> None:
        self._raise_if_stopped()
        with self._console.step(f"{store.name} (embedded)"):
            stack.enter_context(store)
        self._book.add(store.entry)

    def _bootstrap_outside(self, url: str) -> Urls:
        if not may_bootstrap(url):
            raise StackError(
                "Set DATABASE_OWNER_URL and DATABASE_PLATFORM_URL too, or give an administrator's DATABASE_URL."
            )
        database = str(conninfo_to_dict(url).get("dbname") or MAINTENANCE)
        return bootstrap(url, DATABASE if database == MAINTENANCE else database, keys=self._keys)

    def _prepare(self, config: Config, environment: Mapping[str, str]) -> None:
        if not self._steps:
            return
        self._run_step("Database schema", plan.UPGRADE, environment)
        demo = Demo(config.data_dir / "demo.json")
        if not demo.is_loaded():
            self._run_step("Demo brand (first run only)", plan.LOAD_DEMO, environment)
        demo.set_addresses(config)

    def _run_step(self, title: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._raise_if_stopped()
        with self._console.step(title):
            process = subprocess.Popen(command, env=dict(environment), cwd=ROOT, start_new_session=True)
            entry = Entry.of("step", process.pid)
            self._book.add(entry)
            while process.poll() is None:
                if self._must_stop():
                    stop_all([entry])
                    process.wait()
                    raise Stopped
                time.sleep(0.05)
            self._book.remove("step")
            if process.returncode:
                shown = " ".join(command[2:])
                raise StackError(f"{title}: `{shown}` ended with code {process.returncode}; its lines above say why.")

    def _start(self, config: Config, environment: Mapping[str, str]) -> None:
        relay = self._console.relay
        for child in self._children_of(config):
            self._raise_if_stopped()
            running = RunningChild(child, environment=environment, book=self._book, relay=relay, folder=ROOT)
            self._running.append(running)
            running.start()
        with self._console.step("Processes"):
            self._wait_ready()
        if self._steps:
            if not tell_simulator(config):
                self._console.say("! The simulator does not know our platform: accounts can't be connected by a scan.")
            Demo(config.data_dir / "demo.json").show(self._console)

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        waiting = list(self._running)
        while waiting:
            self._raise_if_stopped()
            for running in self._running:
                running.tend()
            waiting = [running for running in waiting if not running.is_ready()]
            for running in waiting:
                if running.failures >= 4 or time.monotonic() > deadline:
                    raise StackError(f"{running.child.name} did not start; its lines above say why.")
            self._stop.wait(0.1)

    def _watch(self) -> None:
        while True:
            self._raise_if_stopped()
            for running in self._running:
                running.tend()
            self._stop.wait(0.5)

    def _must_stop(self) -> bool:
        return self._stop.is_set() or not self._is_wanted()

    def _raise_if_stopped(self) -> None:
        if self._must_stop():
            raise Stopped

    def _stop_children(self) -> None:
        if self._running:
            self._console.say("· Stopping …")
        stop_all([running.entry for running in self._running if running.entry])
        for running in self._running:
            running.wait()
