"""The product's processes, started for a test and gone with it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from saas.config import Config, inherited_environment
from saas.stack.plan import TAKE_ALL
from saas.stack.store import accepts, free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def environment(config: Config) -> dict[str, str]:
    """What a process of the product reads."""
    return inherited_environment(
        DATABASE_URL=config.database_url,
        DATABASE_PLATFORM_URL=config.database_platform_url,
        REDIS_URL=config.redis_url,
        DATA_DIR=str(config.data_dir),
        SECRET_KEY=config.secret_key,
        MASTER_KEY=config.master_key,
        WECHAT_COMPONENT_APP_ID=config.wechat_component_app_id,
        WECHAT_COMPONENT_SECRET=config.wechat_component_secret,
        WECHAT_COMPONENT_TOKEN=config.wechat_component_token,
        WECHAT_COMPONENT_AES_KEY=config.wechat_component_aes_key,
    )


class Consumer:
    """`flask consume` on a test's database; can be killed and started again."""

    def __init__(self, config: Config) -> None:
        self._environment = environment(config)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """A new process."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "consume"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        """-9: no farewell."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


@contextmanager
def consuming(config: Config) -> Iterator[Consumer]:
    """A running consumer, killed at the end."""
    consumer = Consumer(config)
    consumer.start()
    try:
        yield consumer
    finally:
        consumer.kill()


@contextmanager
def streaming(config: Config) -> Iterator[str]:
    """The live stream's process; its address."""
    with serving(config, "saas.stream.asgi:app") as url:
        yield url


@contextmanager
def answering(config: Config, port: int | None = None) -> Iterator[str]:
    """The callbacks' process, which takes every connection as the product's does; its address."""
    with serving(config, "asgi:callbacks", *TAKE_ALL, port=port) as url:
        yield url


@contextmanager
def serving(config: Config, target: str, *options: str, port: int | None = None) -> Iterator[str]:
    """An ASGI process; its address."""
    port = port or free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--log-level", "error"]
    command += ["--http", "1", "--no-ws", *options, target]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(config))
    try:
        wait_for(lambda: accepts(port), f"{target} listens")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Asks again until it holds; fails with `what` when patience is over."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.2)
