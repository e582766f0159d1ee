"""Which processes make up the product on one machine, and the environment they get."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from saas.config import Config
from saas.stack.bootstrap import Urls
from saas.stack.errors import StackError
from saas.stack.keys import KeyFile, master_key, password
from saas.stack.ports import Claims
from saas.stack.store import HOST, free_port

FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
GRANIAN = (
    sys.executable,
    "-m",
    "granian",
    "--host",
    HOST,
    "--workers-kill-timeout",
    "3",
    "--log-level",
    "error",
    "--no-ws",
    # To tell the version by the first bytes it would wait for them without end.
    "--http",
    "1",
)
# Who is let in is decided by the program at once, not by a queue of the server's: it takes every connection.
TAKE_ALL = ("--backlog", "4096", "--backpressure", "4096")
UPGRADE = (*FLASK, "db", "upgrade")
LOAD_DEMO = (*FLASK, "demo", "load")


@dataclass(frozen=True)
class Child:
    """One long-running process; it is ready when something listens on its port, or at once when it has none."""

    name: str
    command: tuple[str, ...]
    port: int | None = None


def children(config: Config) -> tuple[Child, ...]:
    """The product's processes, in the order of their start."""
    return (
        Child(
            "simulator",
            _granian("wsgi", "saas.simulator.wsgi:app", config.simulator_port, *_threads(32)),
            config.simulator_port,
        ),
        Child("callback", _granian("asgi", "asgi:callbacks", config.callback_port, *TAKE_ALL), config.callback_port),
        Child("stream", _granian("asgi", "saas.stream.asgi:app", config.stream_port), config.stream_port),
        Child("consumer", (*FLASK, "consume")),
        Child("worker", (*FLASK, "worker", "default")),
        Child("scheduler", (*FLASK, "schedule")),
        Child("sender", (*FLASK, "send")),
        Child("web", _granian("wsgi", "wsgi:app", config.port, *_threads(8)), config.port),
    )


def with_ports(config: Config, claims: Claims) -> Config:
    """The configuration with ports that are free, and now claimed; raises StackError when one asked for is taken."""
    for name in ("port", "simulator_port"):
        _check_free(name, getattr(config, name), claims)
    ports = {name: _free(config, name, claims) for name in ("callback_port", "stream_port")}
    return replace(config, **ports)  # type: ignore[arg-type]


def with_addresses(config: Config) -> Config:
    """The configuration with the addresses of this machine where none were given; WeChat is the simulator."""
    defaults = Config()
    local: dict[str, Any] = {
        "public_url": _url(config.port),
        "callback_url": _url(config.callback_port),
        "stream_url": _url(config.stream_port),
        "simulator_url": _url(config.simulator_port),
        "wechat_api_url": _url(config.simulator_port),
        "wechat_mp_url": _url(config.simulator_port),
        "wechat_open_url": _url(config.simulator_port),
    }
    return replace(
        config, **{name: url for name, url in local.items() if getattr(config, name) == getattr(defaults, name)}
    )


def with_metrics(config: Config) -> Config:
    """The configuration with a folder in which all processes keep their counters, so that one page shows them."""
    folder = Path(config.metrics_dir or config.data_dir / "metrics").absolute()
    forget_metrics(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return replace(config, metrics_dir=str(folder))


def forget_metrics(folder: Path) -> None:
    """Removes the counters of a run that is over, and their folder when nothing else is in it."""
    for counters in folder.glob("*.db"):
        counters.unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


def with_keys(config: Config, keys: KeyFile) -> Config:
    """The configuration with the two keys that were given, or else made once."""
    return replace(
        config,
        secret_key=config.secret_key or keys.ensure("secret_key", password),
        master_key=config.master_key or keys.ensure("master_key", master_key),
    )


def with_urls(config: Config, urls: Urls) -> Config:
    """The configuration with the database's three addresses."""
    return replace(config, database_url=urls.app, database_owner_url=urls.owner, database_platform_url=urls.platform)


def environment(config: Config) -> Mapping[str, str]:
    """The configuration as the variables a child reads."""
    values = {name.upper(): getattr(config, name) for name in Config.__dataclass_fields__}
    values["DATA_DIR"] = config.data_dir.absolute()
    values["PROMETHEUS_MULTIPROC_DIR"] = config.metrics_dir  # read when its library is imported, before any setting
    return {name: str(value) for name, value in values.items() if value not in ("", False)}


def _granian(interface: str, target: str, port: int, *options: str) -> tuple[str, ...]:
    return (*GRANIAN, "--interface", interface, "--port", str(port), *options, target)


def _threads(count: int) -> tuple[str, str]:
    return "--blocking-threads", str(count)


def _url(port: int) -> str:
    return f"http://{HOST}:{port}"


def _check_free(name: str, port: int, claims: Claims) -> None:
    if not 0 < port < 65536:
        raise StackError(f"{name.upper()} is {port}, which is no port: set it to a number from 1 to 65535.")
    if not claims.take(port):
        raise StackError(f"Port {port} is taken: stop the program that uses it, or set {name.upper()} to another port.")


def _free(config: Config, name: str, claims: Claims) -> int:
    port: int = getattr(config, name)
    if port == getattr(Config, name) and not claims.take(port):
        return free_port()  # nobody asked for the default
    _check_free(name, port, claims)
    return port
