"""The account of a play: what was sent, answered, refused, sent again and lost, and how long answers took. Pure."""

from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

FINENESS = 1.05
LEAST_MS = 0.1
WINDOW = 10
NO_ANSWER = "no answer"


class Histogram:
    """Times by size, each bucket a twentieth wider than the one before: a quantile is right within five in a hundred."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self.count = 0

    def add(self, ms: float) -> None:
        """One more."""
        self._counts[max(0, math.ceil(math.log(max(ms, LEAST_MS) / LEAST_MS, FINENESS)))] += 1
        self.count += 1

    def merge(self, other: Histogram) -> None:
        """All of another's."""
        self._counts.update(other._counts)
        self.count += other.count

    def quantile(self, part: float) -> float:
        """The time that this part of all stayed within; 0 without any."""
        left = math.ceil(self.count * part)
        for bucket in sorted(self._counts):
            left -= self._counts[bucket]
            if left <= 0:
                return LEAST_MS * FINENESS**bucket
        return 0.0


@dataclass
class Second:
    """What happened in one second of the play."""

    number: int
    answered: int
    times: Histogram


class Tally:
    """Counts while the play goes on."""

    def __init__(self) -> None:
        self.sent = self.doubles = self.answered = self.again = self.lost = 0
        self.refused: Counter[str] = Counter()
        self.times = Histogram()
        self._seconds: deque[Second] = deque(maxlen=WINDOW + 1)

    def note_sent(self, *, is_double: bool) -> None:
        """A push has left for the first time."""
        self.sent += 1
        self.doubles += is_double

    def note_answer(self, elapsed: float, ms: float) -> None:
        """A try was answered 200, so long after it left."""
        self.answered += 1
        self.times.add(ms)
        second = self._second(int(elapsed))
        second.answered += 1
        second.times.add(ms)

    def note_refusal(self, why: str) -> None:
        """A try was answered otherwise, or not at all."""
        self.refused[why] += 1

    def note_again(self) -> None:
        """It is sent again, as WeChat does."""
        self.again += 1

    def note_lost(self) -> None:
        """The last try has failed too."""
        self.lost += 1

    @property
    def under_way(self) -> int:
        """Pushes that have neither an answer nor been given up."""
        return self.sent - self.answered - self.lost

    def now(self, elapsed: float) -> dict[str, Any]:
        """The present: answers in the last whole second, and the times of the last ten."""
        last = int(elapsed) - 1
        recent = Histogram()
        for second in self._seconds:
            if second.number > last - WINDOW:
                recent.merge(second.times)
        per_second = sum(second.answered for second in self._seconds if second.number == last)
        return {
            "per_second": per_second,
            "p50_ms": round(recent.quantile(0.5), 1),
            "p99_ms": round(recent.quantile(0.99), 1),
            **self.account(),
        }

    def account(self) -> dict[str, Any]:
        """The sums."""
        names = ("sent", "doubles", "answered", "again", "lost", "under_way")
        return {**{name: getattr(self, name) for name in names}, "refused": dict(self.refused)}

    def _second(self, number: int) -> Second:
        if not self._seconds or self._seconds[-1].number < number:
            self._seconds.append(Second(number, 0, Histogram()))
        return self._seconds[-1]
