"""What stands before each call outward: the account's breaker and the day's count (docs/protocol.md, 10)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import requests
from wechatpy.exceptions import WeChatClientException

from saas.wechat.breaker import Breaker, Paused
from saas.wechat.errors import WeChatError
from saas.wechat.metrics import CALLS

BUSY = -1
PAUSES = (0.2, 0.6)
"""Before a second and third try of a call that may be repeated."""
DAY_OVER = frozenset({45009, 48006})

Result = TypeVar("Result")


def patiently(call: Callable[[], Result]) -> Result:
    """Makes a call that may be repeated; a busy WeChat is asked twice more."""
    for pause in PAUSES:
        try:
            return call()
        except WeChatError as error:
            if error.errcode != BUSY:
                raise
        time.sleep(pause)
    return call()


class Counting(Protocol):
    """The count of an account's calls."""

    def count(self, path: str) -> None:
        """Counts one call; raises WeChatError when WeChat has said that it would be refused."""
        ...

    def end(self, path: str) -> None:
        """Notes that WeChat refuses further calls until the next day, or month. Raises nothing."""
        ...

    def clear(self) -> None:
        """Notes that WeChat has forgotten the day's calls."""
        ...


class Uncounted:
    """Counts nothing."""

    def count(self, path: str) -> None:
        """Lets every call through."""

    def end(self, path: str) -> None:
        """Keeps nothing."""

    def clear(self) -> None:
        """Has nothing to forget."""


@dataclass(frozen=True)
class Guard:
    """Asked before each call of one account, or of the platform itself, and told how it went."""

    breaker: Breaker = field(default_factory=Breaker)
    calls: Counting = field(default_factory=Uncounted)

    @contextmanager
    def over(self, path: str) -> Iterator[None]:
        """Around one call; raises Paused or WeChatError when it shall not be made."""
        self._ask(path)
        try:
            yield
        except (WeChatClientException, WeChatError) as error:
            self._answered(path, error.errcode)
            raise
        except requests.RequestException:
            self._answered(path, None)
            raise
        except BaseException:
            self.breaker.released()
            raise
        self._answered(path, 0)

    def _ask(self, path: str) -> None:
        try:
            self.breaker.ask()
        except Paused:
            CALLS.labels("paused").inc()
            raise
        try:
            self.calls.count(path)
        except BaseException:
            self.breaker.released()
            raise

    def _answered(self, path: str, errcode: int | None) -> None:
        if errcode is None:
            self.breaker.failed()
            CALLS.labels("unreached").inc()
            return
        self.breaker.worked()
        CALLS.labels("refused" if errcode else "ok").inc()
        if errcode in DAY_OVER:
            self.calls.end(path)
