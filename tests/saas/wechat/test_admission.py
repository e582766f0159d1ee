"""Who is let in, decided on arrival."""

from __future__ import annotations

import asyncio
import time

from saas.wechat.admission import Admission
from tests.factories.loops import run


def test_so_many_at_once_and_no_more():
    admission = Admission(most=2)
    assert [admission.enter() for _ in range(3)] == [True, True, False]
    admission.leave()
    assert admission.enter()


def test_a_loop_that_is_behind_lets_nobody_in():
    async def watched():
        admission = Admission(most_lag_seconds=0.1)
        watch = asyncio.create_task(admission.watch())
        await asyncio.sleep(0.1)
        before = admission.enter()
        time.sleep(0.4)  # what a flood of callbacks does to the loop
        await asyncio.sleep(0.01)
        behind = admission.enter()
        await asyncio.sleep(0.2)
        after = admission.enter()
        watch.cancel()
        return before, behind, after

    assert run(watched()) == (True, False, True)
