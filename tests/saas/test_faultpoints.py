"""Fault points: nothing in production; in a rig each order is obeyed once, and every visit is noted."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from saas import faultpoints
from saas.config import Config
from saas.faultpoints import Injected, Point, Rig, arm, reach
from tests.factories.processes import wait_for

POINT = Point.CONSUMER_CLAIMED
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def disarmed() -> Iterator[None]:
    yield
    arm(Config())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "faults"


def armed(tmp_path: Path, orders: str = "on") -> Rig:
    arm(Config(testing=True, fault_points=orders, data_dir=tmp_path))
    return Rig(tmp_path / "faults")


def test_nothing_happens_where_nobody_tests(tmp_path: Path, folder: Path) -> None:
    arm(Config(testing=False, fault_points=f"{POINT}=raise", data_dir=tmp_path))
    reach(POINT)
    assert faultpoints._rig is None
    assert not folder.exists()


def test_an_order_is_obeyed_at_its_turn_and_once(tmp_path: Path, folder: Path) -> None:
    armed(tmp_path, f"{POINT}=raise@2")
    reach(POINT)
    with pytest.raises(Injected):
        reach(POINT)
    reach(POINT)
    lines = (folder / "reached").read_text().splitlines()
    assert [line.split()[0] for line in lines] == [POINT] * 4
    assert [line.split()[2:] for line in lines] == [[], [], ["raise"], []]


def test_an_order_isnt_given_again_to_the_process_that_starts_after_it(tmp_path: Path) -> None:
    armed(tmp_path, f"{POINT}=raise")
    with pytest.raises(Injected):
        reach(POINT)
    armed(tmp_path, f"{POINT}=raise")
    reach(POINT)


def test_orders_come_while_the_process_runs_and_for_one_point_only(tmp_path: Path) -> None:
    rig = armed(tmp_path)
    reach(POINT)
    rig.order(POINT, "raise")
    reach(Point.CONSUMER_WOKEN)
    with pytest.raises(Injected):
        reach(POINT)


def test_sleeping_and_pausing_hold_the_process_up(tmp_path: Path, folder: Path) -> None:
    rig = armed(tmp_path)
    rig.order(POINT, "sleep:0.2")
    assert duration() >= 0.2
    rig.order(POINT, "pause")
    paused = threading.Thread(target=reach, args=(POINT,))
    paused.start()
    wait_for(lambda: "pause" in (folder / "reached").read_text(), "it pauses")
    assert paused.is_alive()
    (folder / f"{POINT}.go").touch()
    paused.join()
    assert not (folder / f"{POINT}.go").exists()


def duration() -> float:
    started = time.monotonic()
    reach(POINT)
    return time.monotonic() - started


def test_a_process_kills_itself_without_farewell(tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from saas.config import Config
from saas.faultpoints import Point, arm, reach
arm(Config(testing=True, fault_points="{POINT}=kill@2", data_dir=Path("{tmp_path}")))
for _ in range(3):
    print(flush=True)
    reach(Point("{POINT}"))
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    assert len(ended.stdout.splitlines()) == 2


def test_an_unknown_point_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="asleep"):
        armed(tmp_path, "consumer.asleep=kill")
