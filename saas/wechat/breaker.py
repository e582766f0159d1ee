"""Leaves WeChat alone for a while where an account, or the platform itself, could not reach it several times in a row.

Other accounts go on; those that authorised the platform as long as their tokens last.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from saas.wechat.errcodes import Meaning, Reaction
from saas.wechat.errors import WeChatError

FAILURES = 5
PAUSE_SECONDS = 30.0
PAUSED = Meaning(
    Reaction.RETRY,
    "连续多次无法连接微信，已暂停，半分钟后可以再试。",
    "WeChat could not be reached several times in a row; the next try is possible in half a minute.",
)


class Paused(WeChatError):
    """The call was not made: the last ones did not get through. `wait` is the time until the next may try."""

    code = "wechat_paused"
    status = 503

    def __init__(self, wait: timedelta) -> None:
        super().__init__(None, "paused")
        self.meaning, self.wait = PAUSED, wait


class Breaker:
    """Of one account, or of the platform itself, in this process.

    Closed; open after failures in a row; half-open for one call after a pause.

    Only network failures and time-outs count: whatever WeChat answers, it was reached.
    """

    def __init__(
        self, *, failures: int = FAILURES, seconds: float = PAUSE_SECONDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._now = failures, seconds, now
        self._failed, self._until, self._is_probing = 0, 0.0, False
        self._lock = threading.Lock()

    def ask(self) -> None:
        """Lets a call through; raises Paused. Whoever was let through says how it went."""
        with self._lock:
            if self._failed < self._most:
                return
            left = self._until - self._now()
            if left > 0 or self._is_probing:
                raise Paused(timedelta(seconds=max(left, 1.0)))
            self._is_probing = True

    def worked(self) -> None:
        """WeChat answered."""
        with self._lock:
            self._failed, self._is_probing = 0, False

    def failed(self) -> None:
        """WeChat was not reached, or did not answer."""
        with self._lock:
            self._failed += 1
            self._until, self._is_probing = self._now() + self._seconds, False

    def released(self) -> None:
        """The call was not made after all."""
        with self._lock:
            self._is_probing = False


class Breakers:
    """The breakers of the accounts that called last."""

    def __init__(self, *, accounts: int = 5000) -> None:
        self._kept: OrderedDict[UUID, Breaker] = OrderedDict()
        self._most, self._lock = accounts, threading.Lock()

    def of(self, account_id: UUID) -> Breaker:
        """The account's own."""
        with self._lock:
            breaker = self._kept.setdefault(account_id, Breaker())
            self._kept.move_to_end(account_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return breaker
