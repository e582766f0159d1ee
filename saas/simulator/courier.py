"""Hands pushes over: signed anew at each try, tried again, given up, and silence after many failures, as Tencent does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import urllib3

from saas.simulator.replies import Answer
from saas.simulator.settings import SimulatorSettings
from saas.simulator.store import Store
from saas.simulator.wire import Sealed

HEADERS = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0", "Pragma": "no-cache"}
CONNECTIONS = 128


@dataclass(frozen=True)
class Try:
    """One request of a push and how it went. kind: reply, success, empty or bad; none when there was no answer."""

    ms: float
    status: int | None
    fault: str
    body: str = ""
    at: float = 0.0
    kind: str = ""
    reply: Mapping[str, object] | None = None


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What is to be handed over: whose failures count, where to, how a try is sealed and how its answer is read."""

    owner: str
    url: str
    seal: Callable[[], Sealed]
    read: Callable[[bytes], Answer]
    deaf: int = 0
    more: int = 0


class Courier:
    """Safe to use from many threads."""

    def __init__(self, store: Store, settings: SimulatorSettings) -> None:
        self.settings = settings
        self._store = store
        self._http = urllib3.PoolManager(maxsize=CONNECTIONS, retries=False)
        self._lock = threading.Lock()
        self._failures: dict[str, int] = {}
        self._silent_until: dict[str, float] = {}

    def close(self) -> None:
        """Lets go of the open connections."""
        self._http.clear()

    def ask(self, url: str, query: Mapping[str, str]) -> str | None:
        """The body of a GET answered 200."""
        try:
            answer = self._http.request("GET", url, fields=dict(query), redirect=False, timeout=self._patience)
        except urllib3.exceptions.HTTPError:
            return None
        return answer.data.decode("utf-8", "replace") if answer.status == 200 else None

    def is_silent(self, owner: str) -> bool:
        """Whether the owner gets no pushes now, for having failed too often."""
        with self._lock:
            return time.monotonic() < self._silent_until.get(owner, 0.0)

    def hand_over(self, parcel: Parcel) -> tuple[list[Try], Answer | None]:
        """All tries, and the first good answer; then the repeats that a fault asks for."""
        tries: list[Try] = []
        answer = None
        while answer is None and len(tries) < self.settings.tries:
            if tries:
                time.sleep(max(0.0, self.settings.retry_after - tries[-1].ms / 1000))
            done, answer = self._try(parcel, deaf=len(tries) < parcel.deaf)
            tries.append(done)
        for _ in range(parcel.more if answer else 0):
            tries.append(self._try(parcel)[0])
        self._count(parcel.owner, failed=answer is None)
        return tries, answer

    def _try(self, parcel: Parcel, *, deaf: bool = False) -> tuple[Try, Answer | None]:
        sealed, at, started = parcel.seal(), self._store.moment().timestamp(), time.perf_counter()
        url = f"{parcel.url}?{urlencode(sealed.query)}"
        try:
            response = self._http.request(
                "POST", url, body=sealed.body.encode(), headers=HEADERS, redirect=False, timeout=self._patience
            )
        except (urllib3.exceptions.HTTPError, UnicodeError) as error:
            return Try(_ms(started), None, type(error).__name__, at=at), None
        spent = _ms(started)
        if deaf:
            return Try(spent, None, "answer lost", at=at), None
        return self._judged(parcel, response, spent, at)

    def _judged(
        self, parcel: Parcel, response: urllib3.BaseHTTPResponse, spent: float, at: float
    ) -> tuple[Try, Answer | None]:  # fmt: skip
        body, status = response.data.decode("utf-8", "replace"), response.status
        if spent > self.settings.answer_within * 1000:
            return Try(spent, status, "too late", body, at, "bad"), None
        if status != 200:
            return Try(spent, status, f"HTTP {status}", body, at, "bad"), None
        try:
            answer = parcel.read(response.data)
        except ValueError as error:
            return Try(spent, status, str(error), body, at, "bad"), None
        kind = "reply" if answer.reply else answer.clear or "empty"
        return Try(spent, status, "", body, at, kind, answer.reply), answer

    def _count(self, owner: str, *, failed: bool) -> None:
        """MarkFail: after many failures in a row there are no pushes for a minute; those are lost."""
        with self._lock:
            count = self._failures.get(owner, 0) + 1 if failed else 0
            self._failures[owner] = count % self.settings.mark_fail_after
            if count >= self.settings.mark_fail_after:
                self._silent_until[owner] = time.monotonic() + self.settings.mark_fail_for

    @property
    def _patience(self) -> urllib3.Timeout:
        return urllib3.Timeout(total=self.settings.answer_within)


def _ms(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
