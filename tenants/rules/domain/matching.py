"""Finds the rule that answers: thousands of keywords in one pass, and the reason for every decision.

The order among rules that match: the higher priority, then the more specific trigger, then the longer value, then the
older rule. Every trigger gets its place in that order once, when the rules are compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ahocorasick_rs import AhoCorasick, Implementation

from tenants.rules.domain.emoji import token_of
from tenants.rules.domain.patterns import PatternSet
from tenants.rules.domain.stimulus import Kind, Stimulus
from tenants.rules.domain.text import normalise
from tenants.rules.domain.triggers import MatchKind, RuleSpec, Trigger, TriggerType

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


class _Table:
    """Places by value: `add` collects them, `at` gives those of one value."""

    def __init__(self) -> None:
        self._places: dict[str, list[int]] = {}

    def add(self, value: str, place: int) -> None:
        self._places.setdefault(value, []).append(place)

    def at(self, value: str) -> Sequence[int]:
        return self._places.get(value, ())

    @property
    def values(self) -> list[str]:
        return list(self._places)


class _Words:
    """The keywords of one account, by the way they match."""

    def __init__(self, triggers: Iterable[tuple[int, Trigger]]) -> None:
        tables = {kind: _Table() for kind in MatchKind}
        for place, trigger in triggers:
            kind = trigger.match or MatchKind.CONTAINS
            tables[kind].add(trigger.value if kind is MatchKind.REGEX else normalise(trigger.value), place)
        self._exact, self._contains = tables[MatchKind.EXACT], tables[MatchKind.CONTAINS]
        self._prefix, self._suffix = tables[MatchKind.PREFIX], tables[MatchKind.SUFFIX]
        self._contained = [value for value in self._contains.values if value]
        self._automaton = _automaton(self._contained) if self._contained else None
        self._prefix_lengths = sorted({len(value) for value in self._prefix.values if value})
        self._suffix_lengths = sorted({len(value) for value in self._suffix.values if value})
        regex = tables[MatchKind.REGEX]
        self._found = [regex.at(value) for value in regex.values]
        self._patterns = PatternSet(regex.values) if regex.values else None

    def in_(self, said: str, searched: str) -> Iterator[Sequence[int]]:
        if said:
            yield self._exact.at(said)
            yield from (self._prefix.at(said[:length]) for length in self._prefix_lengths if length <= len(said))
            yield from (self._suffix.at(said[-length:]) for length in self._suffix_lengths if length <= len(said))
            yield from self._parts(said)
        if searched and self._patterns is not None:
            yield from (self._found[place] for place in self._patterns.found_in(searched))

    def _parts(self, said: str) -> Iterator[Sequence[int]]:
        if self._automaton is None:
            return
        for index in {found[0] for found in self._automaton.find_matches_as_indexes(said, overlapping=True)}:
            yield self._contains.at(self._contained[index])


def _automaton(values: Sequence[str]) -> AhoCorasick:
    # Left to itself it takes another form below a hundred keywords: hardly faster, and twenty times as large.
    return AhoCorasick(values, implementation=Implementation.ContiguousNFA, store_patterns=False)


class CompiledRules:
    """All rules of one account, ready to be asked. Pure: the same question at the same moment has the same answer."""

    def __init__(self, rules: Iterable[RuleSpec]) -> None:
        ranked = sorted(_entries(rules), key=_rank)
        self.entries = tuple(match for _, match in ranked)
        by_type: dict[TriggerType, list[tuple[int, Trigger]]] = {kind: [] for kind in TriggerType}
        for place, entry in enumerate(self.entries):
            by_type[entry.trigger.type].append((place, entry.trigger))
        self._words = _Words(by_type[TriggerType.KEYWORD])
        self._signals: dict[TriggerType, _Table] = {
            kind: _signals(by_type[kind]) for kind in TriggerType if kind is not TriggerType.KEYWORD
        }

    def match(self, stimulus: Stimulus, now: datetime) -> Match | None:
        """The rule that answers now, or None."""
        return self._first(self.candidates(stimulus), now)

    def fallback(self, stimulus: Stimulus, now: datetime) -> Match | None:
        """The rule that answers a message nothing else answered, or None; events get no fallback."""
        return self._first(self.fallback_candidates(stimulus), now)

    def candidates(self, stimulus: Stimulus) -> list[int]:
        """The places of all triggers that fit, best first, whether or not their rules count now."""
        found: set[int] = set()
        for source in _SOURCES[stimulus.kind]:
            for places in source(self, stimulus):
                found.update(places)
        return sorted(found)

    def fallback_candidates(self, stimulus: Stimulus) -> list[int]:
        """The places of the no_match triggers, best first; none for an event."""
        return list(self._signals[TriggerType.NO_MATCH].at(ANY)) if stimulus.kind is Kind.MESSAGE else []

    def _first(self, places: Iterable[int], now: datetime) -> Match | None:
        entries = (self.entries[place] for place in places)
        return next((entry for entry in entries if entry.rule.standing(now) == "active"), None)

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


def _signals(triggers: Iterable[tuple[int, Trigger]]) -> _Table:
    table = _Table()
    for place, trigger in triggers:
        table.add(_signal(trigger), place)
    return table


def _signal(trigger: Trigger) -> str:
    if trigger.type is not TriggerType.EMOJI or not trigger.value:
        return trigger.value
    token = normalise(token_of(trigger.value))
    return f"{token}={MatchKind.EXACT}" if trigger.match is MatchKind.EXACT else token
