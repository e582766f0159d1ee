"""The supervisor with children of the test's own: start, restart, stop, kill -9, and its refusals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from saas.stack.store import accepts, free_port

RUNNER = """
import sys
from pathlib import Path
from saas.config import Config
from saas.stack.__main__ import run
from saas.stack.plan import Child
from saas.stack.supervisor import Supervisor

folder, port, simulator, *child = sys.argv[1:]
config = Config(data_dir=Path(folder), port=int(port), simulator_port=int(simulator))
children = (Child("web", (sys.executable, "-c", child[0], port), int(port)),)
sys.exit(run(Supervisor(config, children=lambda config: children, steps=False), config))
"""
SERVER = """
import http.server, sys
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
FRAIL = "print('no luck'); raise SystemExit(3)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN){SERVER}"


class Run:
    """One run of the supervisor as a process of its own."""

    def __init__(self, folder: Path, child: str = SERVER, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.output = folder.with_name(f"{folder.name}-{self.port}-{time.monotonic_ns()}.txt")
        command = [sys.executable, "-c", RUNNER, str(folder), str(self.port), str(free_port()), child]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)

    def text(self) -> str:
        return self.output.read_text()

    def started(self) -> Run:
        wait_for(lambda: "✓ Processes" in self.text() or self.process.poll() is not None)
        assert "✓ Processes" in self.text(), self.text()
        return self

    def processes(self) -> list[psutil.Process]:
        (book,) = self.folder.glob("processes-*.json")
        return [psutil.Process(entry["pid"]) for entry in json.loads(book.read_text())]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def start(base: Path) -> Iterator[Callable[..., Run]]:
    """Starts runs over one data directory and stops those left."""
    runs: list[Run] = []

    def begin(child: str = SERVER, port: int = 0) -> Run:
        runs.append(Run(base.parent, child, port))
        return runs[-1]

    yield begin
    for run in runs:
        run.stop()
        run.output.unlink()


def lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_sigterm_leaves_no_process_no_lock_and_no_book(start: Callable[..., Run]) -> None:
    run = start().started()
    processes = run.processes()
    assert len(processes) == 3
    assert run.stop() == 0
    assert not any(lives(process) for process in processes)
    assert sorted(path.name for path in run.folder.iterdir()) == ["postgres", "redis", "secrets.json"]


def test_ctrl_c_stops_everything_too(start: Callable[..., Run]) -> None:
    run = start().started()
    processes = run.processes()
    os.killpg(run.process.pid, signal.SIGINT)
    assert run.process.wait(30) == 0
    assert not any(lives(process) for process in processes)


def test_a_killed_run_starts_again_on_the_same_port_and_data(start: Callable[..., Run]) -> None:
    killed = start().started()
    left = killed.processes()
    killed.process.kill()
    again = start(port=killed.port).started()
    assert not any(lives(process) for process in left)
    assert accepts(again.port)


def test_what_a_killed_run_left_ends_without_a_next_run(start: Callable[..., Run]) -> None:
    run = start().started()
    left = run.processes()
    run.process.kill()
    wait_for(lambda: not any(lives(process) for process in left))


def test_a_second_run_in_the_same_directory_is_refused(start: Callable[..., Run]) -> None:
    first = start().started()
    second = start()
    assert second.process.wait(30) == 1
    assert f"Another run (process {first.process.pid}) uses {first.folder}" in second.text()
    assert second.text().count("\n") == 1


def test_a_run_that_is_stopping_is_waited_for(start: Callable[..., Run]) -> None:
    first = start().started()
    first.process.send_signal(signal.SIGTERM)
    start(port=first.port).started()
    assert first.process.wait(30) == 0


def test_a_taken_port_is_one_sentence(start: Callable[..., Run], tmp_path: Path) -> None:
    first = start().started()
    second = Run(tmp_path / "other", port=first.port)
    assert second.process.wait(30) == 1
    assert second.text() == (
        f"✗ Port {first.port} is taken: stop the program that uses it, or set PORT to another port.\n"
    )


def test_a_child_that_ends_is_started_again(start: Callable[..., Run]) -> None:
    run = start().started()
    web = run.processes()[-1]
    web.kill()
    wait_for(lambda: "web       | ended with code -9; starting it again in 0.5 s" in run.text())
    wait_for(lambda: accepts(run.port))
    assert run.processes()[-1].pid != web.pid


def test_a_child_that_never_starts_ends_the_run_with_its_lines(start: Callable[..., Run]) -> None:
    run = start(FRAIL)
    assert run.process.wait(60) == 1
    assert "web       | no luck" in run.text()
    assert run.text().endswith("✗ web did not start; its lines above say why.\n")
    assert not list(run.folder.glob("*.lock"))


def test_a_child_that_will_not_end_is_killed(start: Callable[..., Run]) -> None:
    run = start(STUBBORN).started()
    processes = run.processes()
    assert run.stop() == 0
    assert not any(lives(process) for process in processes)


def test_a_stop_while_it_starts_leaves_nothing(start: Callable[..., Run]) -> None:
    run = start()
    wait_for(lambda: "PostgreSQL" in run.text())
    assert run.stop() == 0
    assert sorted(path.name for path in run.folder.iterdir()) == ["postgres", "redis", "secrets.json"]
