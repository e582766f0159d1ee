"""A plugin: in a run of the whole suite every endpoint must have been called by some test."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import gettempdir

import pytest
from flask import Flask, request, request_started

reached: set[str] = set()
known: set[str] = set()


def note_request(app: Flask, **_: object) -> None:
    """Remembers the endpoint, and the endpoints there are; the simulator and the galleries of tests are not the product."""
    if "capabilities" not in app.extensions:
        return
    known.update(app.view_functions)
    if request.endpoint:
        reached.add(request.endpoint)


def pytest_configure(config: pytest.Config) -> None:
    request_started.connect(note_request)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Workers leave what they reached in files; the process that collects them judges a whole run."""
    place = _place(session.config)
    if "PYTEST_XDIST_WORKER" in os.environ:
        place.mkdir(exist_ok=True)
        text = "\n".join(sorted(reached)) + "\n\n" + "\n".join(sorted(known))
        (place / os.environ["PYTEST_XDIST_WORKER"]).write_text(text)
        return
    _read(place)
    if is_whole(session.config) and known - reached:
        names = ", ".join(sorted(known - reached))
        session.config.get_terminal_writer().line(f"\nendpoints that no test called: {names}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def is_whole(config: pytest.Config) -> bool:
    """Whether all tests were asked for."""
    chosen = config.getoption("keyword") or config.getoption("markexpr") or config.getoption("lf", default=False)
    return not chosen and config.args_source == pytest.Config.ArgsSource.TESTPATHS


def _read(place: Path) -> None:
    for path in place.glob("*") if place.is_dir() else ():
        mine, all_there_are = path.read_text().split("\n\n")
        reached.update(mine.split())
        known.update(all_there_are.split())
        path.unlink()
    if place.is_dir():
        place.rmdir()


def _place(config: pytest.Config) -> Path:
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    if not run and config.pluginmanager.hasplugin("dsession"):
        run = config.pluginmanager.getplugin("dsession").nodemanager.testrunuid
    return Path(gettempdir()) / f"qiandian-reached-{run or os.getpid()}"
