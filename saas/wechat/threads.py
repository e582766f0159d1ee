"""Threads for what the loop of the callbacks can't decide by itself: a few, and a bounded queue before them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from flask import Flask

from saas.wechat.journal import NotStored

Result = TypeVar("Result")


class BoundedThreads:
    """Runs work in the application's context; raises NotStored at once when `most` are under way or waiting already."""

    def __init__(self, app: Flask, threads: int, *, most: int, name: str) -> None:
        self._app, self._most, self._under_way = app, most, 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[[], Result]) -> Result:
        """What the work returns or raises. Who gives up leaves it behind; it counts until it is done."""
        if self._under_way >= self._most:
            raise NotStored("too many at once")
        self._under_way += 1
        working = asyncio.get_running_loop().run_in_executor(self._pool, self._in_context, work)
        working.add_done_callback(self._has_left)
        return await asyncio.shield(working)

    def close(self) -> None:
        """Waits for what is under way."""
        self._pool.shutdown()

    def _in_context(self, work: Callable[[], Result]) -> Result:
        with self._app.app_context():
            return work()

    def _has_left(self, working: asyncio.Future[Any]) -> None:
        self._under_way -= 1
        working.exception()  # seen, also when nobody waits for it any more
