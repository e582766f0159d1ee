"""Work in the background: in time, in many threads, over errors, and over when closed."""

from __future__ import annotations

import threading
import time

import pytest

from saas.simulator.errands import Errands


def test_what_is_due_first_is_done_first() -> None:
    errands, done, over = Errands(most=1), [], threading.Event()
    errands.after(0.05, lambda: (done.append("later"), over.set()))
    errands.after(0.01, lambda: done.append("sooner"))
    assert over.wait(2)
    assert done == ["sooner", "later"]
    errands.close()


def test_many_are_under_way_together() -> None:
    errands, together = Errands(), threading.Barrier(20, timeout=5)
    passed = threading.Semaphore(0)
    for _ in range(20):
        errands.after(0, lambda: (together.wait(), passed.release()))
    assert all(passed.acquire(timeout=5) for _ in range(20))
    errands.close()


def test_an_error_ends_nothing_but_itself(caplog: pytest.LogCaptureFixture) -> None:
    errands, over = Errands(most=1), threading.Event()
    errands.after(0, lambda: 1 / 0)
    errands.after(0.01, over.set)
    assert over.wait(2)
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
