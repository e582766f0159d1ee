"""A process whose clock is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import time_machine

from saas import clock

WRONG = [timedelta(minutes=-10), timedelta(minutes=10), timedelta(hours=-1), timedelta(days=1)]


@contextmanager
def wrong_by(much: timedelta) -> Iterator[None]:
    """This process's clock goes wrong by so much; PostgreSQL's does not."""
    with time_machine.travel(clock.now() + much, tick=True):
        yield
