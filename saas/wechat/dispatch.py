"""Who answers a message: the capabilities by phase, the first answer wins (docs/protocol.md, 7)."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from saas.security.faults import describe
from saas.tenancy.directory import find_tenant
from saas.tenancy.scope import enter, enter_directory, system_scope
from saas.wechat.messages import Inbound
from saas.wechat.metrics import LET_GO
from saas.wechat.ports import AccountKeys
from saas.wechat.replies import Reply, reply_from_json

log = structlog.get_logger(__name__)

MOST_ACCOUNTS = 2000
"""For so many accounts a process keeps what answers."""
MOST_BYTES = 512 * 1024 * 1024
"""So much may weigh what it keeps for all of them, as those who load it estimate."""


class Phase(IntEnum):
    """When an answerer is asked; inside a phase the registry's order holds."""

    HELD = 1
    """A person has the conversation."""
    DIALOGUE = 2
    """An open quiz, menu or story."""
    RULE = 3
    UNDERSTAND = 4
    FALLBACK = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made an answer: opaque to all but that capability."""

    capability: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back: words or none, who made them, and what observers shall do ("hand_over", "complaint")."""

    reply: Reply | None = None
    origin: Origin | None = None
    effects: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the journal keeps it."""
        return {
            "reply": None if self.reply is None else self.reply.to_json(),
            "origin": None if self.origin is None else [self.origin.capability, self.origin.id],
            "effects": list(self.effects),
        }


NO_ANSWER = Answer()
_Load = Callable[[AccountKeys], object]


def _weightless(_loaded: object) -> int:
    return 0


def answer_from_json(value: Mapping[str, Any]) -> Answer:
    """The answer that `to_json` wrote."""
    origin = value["origin"]
    return Answer(
        reply=reply_from_json(value["reply"]),
        origin=Origin(*origin) if origin else None,
        effects=tuple(value["effects"]),
    )


@dataclass(frozen=True, slots=True)
class Answerer:
    """One way to answer. `load` reads the database in the tenant's scope and is kept while the account's version
    stands; `answer` gets what `load` returned, is pure, and returns None when it has nothing to say; `weigh` says about
    how many bytes that takes.
    """

    load: _Load
    answer: Callable[[Inbound, Any, datetime], Answer | None]
    weigh: Callable[[Any], int] = _weightless


@dataclass(frozen=True, slots=True)
class _Step:
    capability: str
    answerer: Answerer
    loaded: object


@dataclass(frozen=True, slots=True)
class _Kept:
    version: int
    steps: tuple[_Step, ...]
    weight: int


def ordered(answers: Sequence[tuple[str, Mapping[Phase, Answerer]]]) -> tuple[tuple[str, Answerer], ...]:
    """All answerers as they are asked: by phase, then in the order given."""
    steps = [(phase, name, answerer) for name, mine in answers for phase, answerer in mine.items()]
    return tuple((name, answerer) for _, name, answerer in sorted(steps, key=lambda step: step[0]))


class Dispatcher:
    """Decides answers; keeps what the answerers loaded, per account and version, for the accounts used last:
    so many of them, and no more than so many bytes.
    """

    def __init__(
        self,
        answerers: Sequence[tuple[str, Answerer]],
        *,
        accounts: int = MOST_ACCOUNTS,
        weight: int = MOST_BYTES,
        budget_seconds: float = 1.0,
    ) -> None:
        self._answerers = tuple(answerers)
        self._accounts, self._most_weight, self._budget = accounts, weight, budget_seconds
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def decide(self, inbound: Inbound, keys: AccountKeys, now: datetime) -> Answer:
        """The first answer, NO_ANSWER when nobody has one or the time is over. Raises when nothing can be loaded."""
        steps = self._remembered(keys)
        return self._first(self._loaded(keys) if steps is None else steps, inbound, now)

    def prepare(self, keys: AccountKeys) -> None:
        """Loads what answers for the account, unless it is there. Raises when nothing can be loaded."""
        if self._remembered(keys) is None:
            self._loaded(keys)

    def decide_remembered(self, inbound: Inbound, keys: AccountKeys, now: datetime) -> Answer | None:
        """The same without asking the database; None when something had to be loaded for it."""
        steps = self._remembered(keys)
        return None if steps is None else self._first(steps, inbound, now)

    def _first(self, steps: tuple[_Step, ...], inbound: Inbound, now: datetime) -> Answer:
        deadline = time.monotonic() + self._budget
        for step in steps:
            if time.monotonic() > deadline:
                log.warning("answer_out_of_time", capability=step.capability)
                break
            answer = _ask(step, inbound, now)
            if answer is not None:
                return answer
        return NO_ANSWER

    def _remembered(self, keys: AccountKeys) -> tuple[_Step, ...] | None:
        with self._lock:
            kept = self._kept.get(keys.account_id)
            if kept is None or kept.version != keys.version:
                return None
            self._kept.move_to_end(keys.account_id)
            return kept.steps

    def _loaded(self, keys: AccountKeys) -> tuple[_Step, ...]:
        loaded = self._load(keys)
        if len(loaded) == len(self._answerers):
            self._keep(keys, loaded)
        return loaded

    def _keep(self, keys: AccountKeys, steps: tuple[_Step, ...]) -> None:
        new = _Kept(keys.version, steps, sum(step.answerer.weigh(step.loaded) for step in steps))
        with self._lock:
            old = self._kept.pop(keys.account_id, None)
            self._kept[keys.account_id] = new
            self._weight += new.weight - (old.weight if old else 0)
            # The newest stays whatever it weighs: without it each of its messages would load it again.
            while len(self._kept) > self._accounts or (self._weight > self._most_weight and len(self._kept) > 1):
                _, gone = self._kept.popitem(last=False)
                self._weight -= gone.weight
                LET_GO.inc()

    def _load(self, keys: AccountKeys) -> tuple[_Step, ...]:
        with enter_directory():
            tenant = find_tenant(keys.tenant_id)
        with enter(system_scope(tenant)):
            once = cache(lambda load: load(keys))  # phases of one capability may share what they need
            steps = [_load_step(name, answerer, keys, once) for name, answerer in self._answerers]
        return tuple(step for step in steps if step is not None)


def _load_step(capability: str, answerer: Answerer, keys: AccountKeys, once: Callable[[_Load], object]) -> _Step | None:
    try:
        return _Step(capability, answerer, once(answerer.load))
    except OperationalError:
        raise
    except Exception as error:
        log.error("answerer_not_loaded", account_id=str(keys.account_id), capability=capability, **describe(error))
        return None


def _ask(step: _Step, inbound: Inbound, now: datetime) -> Answer | None:
    try:
        return step.answerer.answer(inbound, step.loaded, now)
    except Exception as error:
        log.error("answerer_failed", capability=step.capability, **describe(error))
        return None
