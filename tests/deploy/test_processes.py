"""Compose file, units and `make run` start the same processes."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from saas.config import Config
from saas.stack.plan import Child, children
from saas.wechat.http import CALL_SECONDS

DEPLOY = Path(__file__).parents[2] / "deploy"
LOCAL_ONLY = {"simulator"}


def product() -> dict[str, Child]:
    return {child.name: child for child in children(Config()) if child.name not in LOCAL_ONLY}


def started() -> dict[str, str]:
    return dict(re.findall(r"^(\w+)\) exec (.+) ;;$", (DEPLOY / "start").read_text(), re.MULTILINE))


def test_the_start_script_knows_every_process() -> None:
    assert set(started()) == set(product())


def test_the_start_script_serves_the_same_targets_on_the_same_ports() -> None:
    for name, child in product().items():
        words = started()[name].split()
        assert words[-1] == child.command[-1], name
        if child.port is not None:
            assert words[words.index("--port") + 1] == str(child.port), name


def test_compose_starts_every_process() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    commands = {name: service["command"] for name, service in services.items() if "build" in service}
    assert commands == {name: ["deploy/start", name] for name in [*product(), "prepare"]}


def test_compose_waits_for_a_process_as_long_as_systemd_does() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    unit = (DEPLOY / "systemd" / "qiandian@.service").read_text()
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert {services[name].get("stop_grace_period") for name in product()} == {f"{seconds}s"}
    (server,) = re.findall(r"--workers-kill-timeout (\d+)", (DEPLOY / "start").read_text())
    assert int(seconds) > max(int(server), 2 * CALL_SECONDS), "a token is fetched, a message is sent"


def test_the_target_wants_every_process() -> None:
    wanted = re.findall(r"qiandian@(\w+)\.service", (DEPLOY / "systemd" / "qiandian.target").read_text())
    assert sorted(wanted) == sorted(product())
