"""The matrix: which process owns which step, and which cells a seed makes of it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from saas.faultpoints import Point


class Victim(StrEnum):
    """What can be killed."""

    CALLBACK = "callback"
    WEB = "web"
    AGENT = "agent"
    CONSUMER = "consumer"
    SENDER = "sender"
    WORKER = "worker"
    SCHEDULER = "scheduler"
    SCHEDULERS = "both schedulers"
    REDIS = "redis"
    FLUSHALL = "redis flushed"
    POSTGRES = "postgresql"
    BACKEND = "postgresql backend in its transaction"


INBOUND: Mapping[Point, Victim] = {
    Point.CALLBACK_READ: Victim.CALLBACK,
    Point.CALLBACK_OPENED: Victim.CALLBACK,
    Point.JOURNAL_BEFORE_COMMIT: Victim.CALLBACK,
    Point.JOURNAL_AFTER_COMMIT: Victim.CALLBACK,
    Point.CALLBACK_ANSWERED: Victim.CALLBACK,
    Point.CONSUMER_WOKEN: Victim.CONSUMER,
    Point.CONSUMER_CLAIMED: Victim.CONSUMER,
    Point.CONSUMER_BEFORE_COMMIT: Victim.CONSUMER,
    Point.CONSUMER_AFTER_COMMIT: Victim.CONSUMER,
    Point.SWEEP_BEFORE_COMMIT: Victim.SCHEDULER,
}
OUTBOUND: Mapping[Point, Victim] = {
    Point.OUTBOX_PLANNED: Victim.AGENT,
    Point.OUTBOX_CLAIMED: Victim.SENDER,
    Point.TOKEN_FETCHED: Victim.SENDER,
    Point.OUTBOX_BEFORE_CALL: Victim.SENDER,
    Point.OUTBOX_AFTER_CALL: Victim.SENDER,
    Point.OUTBOX_BEFORE_OUTCOME: Victim.SENDER,
    Point.OUTBOX_AFTER_OUTCOME: Victim.SENDER,
    Point.JOB_CLAIMED: Victim.WORKER,
}
OWNERS: Mapping[Point, Victim] = {**INBOUND, **OUTBOUND}
# The five kills: what falls together when a machine of that kind dies, or one of several ways in which it can.
KILLS: Mapping[str, tuple[tuple[Victim, ...], ...]] = {
    "web": ((Victim.CALLBACK, Victim.WEB, Victim.AGENT),),
    "worker": ((Victim.CONSUMER, Victim.SENDER, Victim.WORKER),),
    "scheduler": ((Victim.SCHEDULER,), (Victim.SCHEDULERS,)),
    "redis": ((Victim.REDIS,), (Victim.FLUSHALL,)),
    "postgresql": ((Victim.POSTGRES,), (Victim.BACKEND,)),
}
SERVERS = (Victim.REDIS, Victim.FLUSHALL, Victim.POSTGRES)


@dataclass(frozen=True)
class Cell:
    """At the `turn`-th visit to the point its process dies, or waits while others are killed, `pause` seconds in all."""

    point: Point
    victims: tuple[Victim, ...]
    turn: int = 1
    pause: float = 0.0

    @property
    def is_suicide(self) -> bool:
        """Whether it is the point's own process that dies, right there."""
        return self.victims[:1] == (OWNERS[self.point],)

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.point} · {' + '.join(self.victims)}"


def short(seed: int) -> list[Cell]:
    """Each step once with its own process, and each server once per flow."""
    dice = random.Random(seed)
    own = [_cell(dice, point, owner) for point, owner in OWNERS.items()]
    servers = [_cell(dice, dice.choice(list(flow)), server) for flow in (INBOUND, OUTBOUND) for server in SERVERS]
    rest = [
        _cell(dice, Point.SWEEP_BEFORE_COMMIT, Victim.SCHEDULERS),
        _cell(dice, Point.JOURNAL_BEFORE_COMMIT, Victim.BACKEND),
    ]
    cells = own + servers + rest
    dice.shuffle(cells)
    return cells


def long(seed: int, *, pairs: int = 10) -> list[Cell]:
    """Every step with each of the five kills, then faults that come in pairs."""
    dice = random.Random(seed)
    cells = [_cell(dice, point, *_killed(dice, point, kill)) for point in OWNERS for kill in KILLS]
    cells += [_cell(dice, dice.choice(list(OWNERS)), *dice.sample(list(Victim), 2)) for _ in range(pairs)]
    dice.shuffle(cells)
    return cells


def _killed(dice: random.Random, point: Point, kill: str) -> tuple[Victim, ...]:
    """The step's own process dies right there; others are killed from outside."""
    chosen = dice.choice(KILLS[kill])
    return (OWNERS[point],) if OWNERS[point] in chosen else chosen


def _cell(dice: random.Random, point: Point, *victims: Victim) -> Cell:
    turn = 1 if point is Point.TOKEN_FETCHED else dice.randint(1, 3)
    return Cell(point, victims, turn, round(dice.uniform(0, 0.5), 2))
