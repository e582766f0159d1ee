"""The keywords of one account, looked for in a message: bounded work, whatever keywords a brand writes and a fan says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import AhoCorasick, Implementation

from tenants.rules.domain.patterns import PatternSet
from tenants.rules.domain.text import normalise
from tenants.rules.domain.triggers import MatchKind, Trigger

MAX_KEYWORD = 60
"""Characters of a keyword. With MOST_SAID it bounds how many places of a message can fit one."""


class Table:
    """Places by value."""

    def __init__(self) -> None:
        self._places: dict[str, list[int]] = {}

    def add(self, value: str, place: int) -> None:
        """Another place of the value."""
        self._places.setdefault(value, []).append(place)

    def at(self, value: str) -> Sequence[int]:
        """The places of the value, as they were added."""
        return self._places.get(value, ())

    @property
    def values(self) -> list[str]:
        """Every value once."""
        return list(self._places)


class Parts:
    """Values found anywhere in a text, each once.

    The automaton lists every place that a value fits, overlapping ones too: at most the text's length times MAX_KEYWORD,
    as no two values of one length end at the same place. A longer value, from before there was a limit, is looked for by
    its beginning.
    """

    def __init__(self, values: Iterable[str]) -> None:
        begun: dict[str, list[str]] = {}
        for value in filter(None, values):
            begun.setdefault(value[:MAX_KEYWORD], []).append(value)
        self._values = list(begun.values())
        # Left to itself it takes another form below a hundred keywords: hardly faster, and twenty times as large.
        form = Implementation.ContiguousNFA
        self._automaton = AhoCorasick(list(begun), implementation=form, store_patterns=False) if begun else None

    def found_in(self, text: str) -> Iterator[str]:
        """The values that the text holds."""
        if self._automaton is None:
            return
        for place in {found[0] for found in self._automaton.find_matches_as_indexes(text, overlapping=True)}:
            yield from (value for value in self._values[place] if value in text)


class Keywords:
    """The keywords of one account, by the way they match."""

    def __init__(self, triggers: Iterable[tuple[int, Trigger]]) -> None:
        tables = {kind: Table() for kind in MatchKind}
        for place, trigger in triggers:
            kind = trigger.match or MatchKind.CONTAINS
            tables[kind].add(trigger.value if kind is MatchKind.REGEX else normalise(trigger.value), place)
        self._exact, self._contains = tables[MatchKind.EXACT], tables[MatchKind.CONTAINS]
        self._prefix, self._suffix = tables[MatchKind.PREFIX], tables[MatchKind.SUFFIX]
        self._parts = Parts(self._contains.values)
        self._prefix_lengths = sorted({len(value) for value in self._prefix.values if value})
        self._suffix_lengths = sorted({len(value) for value in self._suffix.values if value})
        regex = tables[MatchKind.REGEX]
        self._found = [regex.at(value) for value in regex.values]
        self._patterns = PatternSet(regex.values) if regex.values else None

    @property
    def memory(self) -> int:
        """The bytes that the patterns' automaton may grow to."""
        return 0 if self._patterns is None else self._patterns.memory

    def in_(self, said: str, searched: str) -> Iterator[Sequence[int]]:
        """The places of every value that fits, each value's in ascending order."""
        if said:
            yield self._exact.at(said)
            yield from (self._prefix.at(said[:length]) for length in self._prefix_lengths if length <= len(said))
            yield from (self._suffix.at(said[-length:]) for length in self._suffix_lengths if length <= len(said))
            yield from (self._contains.at(value) for value in self._parts.found_in(said))
        if searched and self._patterns is not None:
            yield from (self._found[place] for place in self._patterns.found_in(searched))
