"""Finds the rule that answers: thousands of keywords in one pass, and the reason for every decision.

The order among rules that match: the higher priority, then the more specific trigger, then the longer value, then the
older rule. Every trigger gets its place in that order once, when the rules are compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.rules.domain.emoji import token_of
from tenants.rules.domain.keywords import Keywords, Table
from tenants.rules.domain.stimulus import Kind, Stimulus
from tenants.rules.domain.text import normalise
from tenants.rules.domain.triggers import MatchKind, RuleSpec, Standing, Trigger, TriggerType
from tenants.rules.domain.weighing import bytes_of

ANY = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that answers, and the trigger that set it off."""

    rule: RuleSpec
    trigger: Trigger


def specificity(trigger: Trigger) -> int:
    """How much a trigger says about the message: a whole message more than a part of it, a part more than its type."""
    if trigger.type is TriggerType.KEYWORD:
        return _KEYWORD_SPECIFICITY[trigger.match or MatchKind.CONTAINS]
    if trigger.type is TriggerType.EMOJI and trigger.value:
        return 80 if trigger.match is MatchKind.EXACT else 50
    if trigger.type is TriggerType.MESSAGE_TYPE:
        return 20
    return 90 if trigger.value else 30


_KEYWORD_SPECIFICITY = {
    MatchKind.EXACT: 90,
    MatchKind.PREFIX: 70,
    MatchKind.SUFFIX: 70,
    MatchKind.CONTAINS: 60,
    MatchKind.REGEX: 40,
}


class CompiledRules:
    """All rules of one account, ready to be asked. Pure: the same question at the same moment has the same answer."""

    def __init__(self, rules: Iterable[RuleSpec]) -> None:
        self._rules = tuple(rules)
        ranked = sorted(_entries(self._rules), key=_rank)
        self.entries = tuple(match for _, match in ranked)
        self._ages = tuple(age for age, _ in ranked)
        by_type: dict[TriggerType, list[tuple[int, Trigger]]] = {kind: [] for kind in TriggerType}
        for place, entry in enumerate(self.entries):
            by_type[entry.trigger.type].append((place, entry.trigger))
        self._words = Keywords(by_type[TriggerType.KEYWORD])
        self._signals: dict[TriggerType, Table] = {
            kind: _signals(by_type[kind]) for kind in TriggerType if kind is not TriggerType.KEYWORD
        }

    @property
    def weight(self) -> int:
        """About how many bytes they take in memory, and may come to take."""
        return bytes_of(self._rules) + self._words.memory

    def match(self, stimulus: Stimulus, now: datetime) -> Match | None:
        """The rule that answers now, or None."""
        return self._first(self._fitting(stimulus), now)

    def fallback(self, stimulus: Stimulus, now: datetime) -> Match | None:
        """The rule that answers a message nothing else answered, or None; events get no fallback."""
        return self._first([self.fallback_candidates(stimulus)], now)

    def candidates(self, stimulus: Stimulus) -> list[int]:
        """The places of all triggers that fit, best first, whether or not their rules count now."""
        return sorted({place for places in self._fitting(stimulus) for place in places})

    def fallback_candidates(self, stimulus: Stimulus) -> Sequence[int]:
        """The places of the no_match triggers, best first; none for an event."""
        return self._signals[TriggerType.NO_MATCH].at(ANY) if stimulus.kind is Kind.MESSAGE else ()

    def _fitting(self, stimulus: Stimulus) -> Iterator[Sequence[int]]:
        for source in _SOURCES[stimulus.kind]:
            yield from source(self, stimulus)

    def _first(self, fitting: Iterable[Sequence[int]], now: datetime) -> Match | None:
        # One message may fit every trigger: nothing is collected, and each rule's hours are looked at once.
        known: dict[int, bool] = {}
        none = best = len(self.entries)
        for places in fitting:
            best = self._better(places, best, now, known)
        return None if best == none else self.entries[best]

    def _better(self, places: Sequence[int], best: int, now: datetime, known: dict[int, bool]) -> int:
        for place in places:
            if place >= best:
                break
            age = self._ages[place]
            if age not in known:
                known[age] = self._rules[age].standing(now) is Standing.ACTIVE
            if known[age]:
                return place
        return best

    def _of_text(self, stimulus: Stimulus) -> Iterator[Sequence[int]]:
        yield from self._words.in_(stimulus.said, stimulus.searched)
        table, (tokens, alone) = self._signals[TriggerType.EMOJI], stimulus.emoji
        for token in (*tokens, ANY) if tokens else ():
            yield table.at(token)
            if alone and len(tokens) == 1:
                yield table.at(f"{token}={MatchKind.EXACT}")

    def _of_type(self, stimulus: Stimulus) -> Iterator[Sequence[int]]:
        if stimulus.is_sticker:
            yield self._signals[TriggerType.STICKER].at(ANY)
        else:
            yield self._signals[TriggerType.MESSAGE_TYPE].at(stimulus.message_type)

    def _of_event(self, stimulus: Stimulus) -> Iterator[Sequence[int]]:
        table = self._signals[TriggerType(stimulus.kind)]
        yield table.at(ANY)
        if stimulus.key:
            yield table.at(stimulus.key)


_Source = Callable[[CompiledRules, Stimulus], Iterator[Sequence[int]]]
_SOURCES: dict[Kind, tuple[_Source, ...]] = {
    Kind.MESSAGE: (CompiledRules._of_text, CompiledRules._of_type),
    Kind.CLICK: (CompiledRules._of_event,),
    Kind.SCAN: (CompiledRules._of_event,),
    Kind.SUBSCRIBE: (CompiledRules._of_event,),
}


def compile_rules(rules: Iterable[RuleSpec]) -> CompiledRules:
    """Prepares rules, given oldest first, for matching; raises PatternError for a pattern that was never checked."""
    return CompiledRules(rules)


def _entries(rules: Iterable[RuleSpec]) -> Iterator[tuple[int, Match]]:
    for age, rule in enumerate(rules):
        yield from ((age, Match(rule, trigger)) for trigger in (*rule.triggers, *_implied(rule)))


def _implied(rule: RuleSpec) -> tuple[Trigger, ...]:
    # A rule that asks for the place also answers it when it comes.
    asks = any(reply.type == "nearest_store" for reply in rule.replies)
    return (Trigger(TriggerType.MESSAGE_TYPE, value="location"),) if asks else ()


def _rank(aged: tuple[int, Match]) -> tuple[Any, ...]:
    age, entry = aged
    length = len(entry.trigger.value) if entry.trigger.type is TriggerType.KEYWORD else 0
    return (-entry.rule.priority, -specificity(entry.trigger), -length, age)


def _signals(triggers: Iterable[tuple[int, Trigger]]) -> Table:
    table = Table()
    for place, trigger in triggers:
        table.add(_signal(trigger), place)
    return table


def _signal(trigger: Trigger) -> str:
    if trigger.type is not TriggerType.EMOJI or not trigger.value:
        return trigger.value
    token = normalise(token_of(trigger.value))
    return f"{token}={MatchKind.EXACT}" if trigger.match is MatchKind.EXACT else token
