"""Work in the background: in time, in many threads, over errors, and over when closed."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace

import pytest

from saas.simulator import errands as work
from saas.simulator.errands import Errands


def test_what_is_due_first_is_done_first(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = {"now": 0.0}
    monkeypatch.setattr(work, "time", SimpleNamespace(monotonic=lambda: moments["now"]))
    errands, done, over = Errands(most=1), [], threading.Event()
    errands.after(50, lambda: done.append("later"))
    errands.after(10, lambda: done.append("sooner"))
    moments["now"] = 100.0
    errands.after(0, over.set)
    assert over.wait(20)
    assert done == ["sooner", "later"]
    errands.close()


def test_many_are_under_way_together() -> None:
    errands, together = Errands(), threading.Barrier(20, timeout=20)
    passed = threading.Semaphore(0)
    for _ in range(20):
        errands.after(0, lambda: (together.wait(), passed.release()))
    assert all(passed.acquire(timeout=20) for _ in range(20))
    errands.close()


def test_an_error_ends_nothing_but_itself(caplog: pytest.LogCaptureFixture) -> None:
    errands, over = Errands(most=1), threading.Event()
    errands.after(0, lambda: 1 / 0)
    errands.after(0.01, over.set)
    assert over.wait(20)
    assert "errand failed" in caplog.text
    errands.close()


def test_closed_is_closed() -> None:
    errands, done = Errands(), []
    errands.after(60, lambda: done.append(1))
    errands.close()
    errands.after(0, lambda: done.append(2))
    time.sleep(0.05)
    assert done == []
    assert not [thread for thread in errands._threads if thread.is_alive()]
