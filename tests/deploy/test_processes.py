"""Compose file, units and `make run` start the same processes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from saas.config import Config
from saas.stack.plan import Child, children
from saas.stack.store import free_port
from saas.wechat.http import CALL_SECONDS

DEPLOY = Path(__file__).parents[2] / "deploy"
LOCAL_ONLY = {"simulator"}
SECOND = "callback-2"


class Health(HTTPServer):
    """A process that listens and is not well yet."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), Asked)
        self.status = 503
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Asked(BaseHTTPRequestHandler):
    """One question after it."""

    server: Health

    def do_GET(self) -> None:
        """Says how it is."""
        self.send_response(self.server.status if self.path == "/startupz" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stays silent."""


def product() -> dict[str, Child]:
    """As `make run` starts them, and one more: what is to be restarted under load needs a second."""
    found = {child.name: child for child in children(Config()) if child.name not in LOCAL_ONLY}
    return found | {SECOND: replace(found["callback"], port=8012)}


def started() -> dict[str, str]:
    script = (DEPLOY / "start").read_text()
    values = dict(re.findall(r'^(\w+)="(.+)"$', script, re.MULTILINE))
    commands = re.findall(r"^([\w-]+)\) exec (.+) ;;$", script, re.MULTILINE)
    return {name: re.sub(r"\$(\w+)", lambda found: values[found[1]], command) for name, command in commands}


def test_the_start_script_knows_every_process() -> None:
    assert set(started()) == set(product())


def test_the_start_script_serves_the_same_targets_on_the_same_ports() -> None:
    for name, child in product().items():
        words = started()[name].split()
        assert words[-1] == child.command[-1], name
        if child.port is not None:
            assert words[words.index("--port") + 1] == str(child.port), name


@pytest.mark.parametrize(("name", "workers"), [("web", "4"), ("stream", "4"), ("callback", "1"), (SECOND, "1")])
def test_a_callback_has_one_worker_whatever_the_others_have(name: str, workers: str, tmp_path: Path) -> None:
    """What it answered while the database was away it remembers itself: a second worker would answer anew."""
    server, deploy = tmp_path / ".venv/bin/granian", tmp_path / "deploy"
    server.parent.mkdir(parents=True)
    deploy.mkdir()
    server.write_text('#!/bin/sh\necho "$@"\n')
    server.chmod(0o755)
    script = shutil.copy(DEPLOY / "start", deploy)
    asked = subprocess.run(
        [script, name], env=os.environ | {"WORKERS": "4"}, check=True, capture_output=True, text=True
    )
    words = asked.stdout.split()
    assert [words[at + 1] for at, word in enumerate(words) if word == "--workers"] == [workers]


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
    wanted = re.findall(r"qiandian@([\w-]+)\.service", (DEPLOY / "systemd" / "qiandian.target").read_text())
    assert sorted(wanted) == sorted(product())


def test_a_redis_that_is_full_refuses_and_eats_no_machine() -> None:
    command = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["redis"]["command"]
    settings = dict(zip(command[1::2], command[2::2], strict=True))
    assert settings["--maxmemory-policy"] == "noeviction", "a job that is thrown out is lost without a word"
    assert re.fullmatch(r"\d+mb", settings["--maxmemory"])


def test_a_restart_is_over_when_the_process_answers() -> None:
    """Else both callbacks would be away at once."""
    script = (DEPLOY / "up").read_text()
    assert dict(re.findall(r"^([\w-]+)\) port=(\d+)\b.* ;;", script, re.MULTILINE)) == {
        name: str(child.port) for name, child in product().items() if child.port is not None
    }
    unit = (DEPLOY / "systemd" / "qiandian@.service").read_text()
    assert "ExecStartPost=/opt/qiandian/deploy/up %i\n" in unit


def test_whoever_waits_for_a_process_waits_until_it_is_healthy() -> None:
    port = free_port()
    with subprocess.Popen([DEPLOY / "up", "callback", str(port)]) as waiting:
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                waiting.wait(0.5)
            with Health(port) as health:
                with pytest.raises(subprocess.TimeoutExpired):
                    waiting.wait(1)
                health.status = 200
                assert waiting.wait(30) == 0
        finally:
            waiting.kill()
    assert subprocess.run([DEPLOY / "up", "sender"], check=False, timeout=30).returncode == 0


def test_nobody_waits_for_a_process_that_has_died() -> None:
    with subprocess.Popen(["true"]) as died:
        died.wait()
    command, environment = [DEPLOY / "up", "callback", str(free_port())], os.environ | {"MAINPID": str(died.pid)}
    assert subprocess.run(command, env=environment, check=False, timeout=30).returncode == 1


def test_compose_replaces_a_callback_when_the_other_is_healthy() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert {name: services[name]["healthcheck"]["test"] for name in ("callback", SECOND)} == {
        "callback": "deploy/up callback",
        SECOND: f"deploy/up {SECOND}",
    }
