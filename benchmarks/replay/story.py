"""The prize quiz: who says what, and when. A crowd that grows, a burst of answers at each question. Pure."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.pushes import Head, event, image, text
from benchmarks.wire import Account

TOTAL = 2_800_000
"""As many as came in the two hours that broke the phone maker's campaign."""
RATE = 389.0
QUESTION_SECONDS = 300.0
GROWTH = 1.5
"""By how much more is said at the end than at the beginning, beside the bursts."""
QUIET, BURST, DECAY = 0.55, 1.8, 6.0
STEPS_A_QUESTION = 60
DOUBLES = 0.02
REMEMBERED = 500
FIRST_FANS = 2_000
HOT_SHARE = 0.7
"""How much of it goes to the first account."""
KINDS = ("answer",) * 76 + ("ask",) * 9 + ("follow",) * 8 + ("click",) * 4 + ("image",) * 2 + ("unfollow",)
ASKED = ("怎么参加", "抽奖规则", "中奖名单", "什么时候开奖", "几点", "优惠", "人工", "奖品是什么", "答案对吗", "下一题")


@dataclass(frozen=True, slots=True)
class Push:
    """One callback: whose, what, whether it came before, and the fan if this is the first word of one."""

    account: int
    clear: bytes
    is_double: bool = False


class Pace:
    """How many pushes are due after so many seconds: each question brings a burst that ebbs away."""

    def __init__(self, total: int, seconds: float) -> None:
        self.total, self.seconds = total, seconds
        self.questions = max(1, round(seconds / QUESTION_SECONDS))
        steps = self.questions * STEPS_A_QUESTION
        weights = [self._weight((step + 0.5) / steps) for step in range(steps)]
        self._sums = [0.0]
        for weight in weights:
            self._sums.append(self._sums[-1] + weight)

    def due(self, elapsed: float) -> int:
        """The number of pushes that should have been sent by now."""
        if elapsed >= self.seconds:
            return self.total
        place = max(0.0, elapsed) / self.seconds * (len(self._sums) - 1)
        step = int(place)
        reached = self._sums[step] + (self._sums[step + 1] - self._sums[step]) * (place - step)
        return int(self.total * reached / self._sums[-1])

    def question(self, sent: int) -> int:
        """Which question it is about by then, from 1."""
        reached = bisect_right(self._sums, sent / self.total * self._sums[-1]) - 1
        return min(self.questions, reached // STEPS_A_QUESTION + 1)

    def _weight(self, part: float) -> float:
        since = part * self.questions % 1
        return (1 + GROWTH * part) * (QUIET + BURST * math.exp(-since * DECAY))


class Story:
    """What is said, one push after the other; the same seed tells the same story."""

    def __init__(self, pace: Pace, accounts: Sequence[Account], *, seed: int, first_id: int) -> None:
        self._pace, self._accounts = pace, accounts
        self._chance, self._seed = random.Random(seed), seed
        self._number = first_id
        self._recent: list[Push] = []
        self.fans = FIRST_FANS
        self.told = 0

    def next(self, now: int) -> Push:
        """The next push."""
        self.told += 1
        if self._recent and self._chance.random() < DOUBLES:
            earlier = self._chance.choice(self._recent)
            return Push(earlier.account, earlier.clear, is_double=True)
        push = self._new(now)
        self._remember(push)
        return push

    def _new(self, now: int) -> Push:
        chance, kind = self._chance, self._chance.choice(KINDS)
        place = 0 if chance.random() < HOT_SHARE else chance.randrange(len(self._accounts))
        self._number += 1
        if kind == "follow":
            self.fans += 1
        fan = self.fans if kind == "follow" else chance.randrange(self.fans)
        head = Head(self._accounts[place].original_id, f"oQuiz{self._seed % 100_000:05}{fan:018}", now)
        return Push(place, self._words(kind, head))

    def _words(self, kind: str, head: Head) -> bytes:
        if kind == "follow":
            return event(head, "subscribe")
        if kind == "unfollow":
            return event(head, "unsubscribe")
        if kind == "click":
            return event(head, "CLICK", f"QUIZ_{self._number}")
        if kind == "image":
            return image(head, self._number)
        said = self._chance.choice(ASKED) if kind == "ask" else self._answer()
        return text(head, said, self._number)

    def _answer(self) -> str:
        letter = self._chance.choice("ABCD")
        number = self._pace.question(self.told)
        return self._chance.choice((letter, f"{number}{letter}", f"第{number}题选{letter}", f"答案是{letter}"))

    def _remember(self, push: Push) -> None:
        if len(self._recent) < REMEMBERED:
            self._recent.append(push)
        else:
            self._recent[self.told % REMEMBERED] = push
