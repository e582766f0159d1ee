"""The keywords of one account, looked for in a message: bounded work, whatever keywords a brand writes and a fan says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import add

from tenants.rules.domain.patterns import PatternSet
from tenants.rules.domain.text import normalise
from tenants.rules.domain.triggers import MatchKind, Trigger

MAX_KEYWORD = 60
"""Characters of a keyword. With MOST_SAID it bounds how many parts of a message are looked up."""
_HEAD = 2


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

    At each character only the lengths are tried in which a value begins like that: at most the text's length times
    MAX_KEYWORD, however many values fit and overlap. An automaton would list each time that each one fits. A longer
    value, from before there was a limit, is found by its beginning.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self.begun: dict[str, list[str]] = {}
        heads: dict[str, set[int]] = {}
        for value in filter(None, values):
            beginning = value[:MAX_KEYWORD]
            self.begun.setdefault(beginning, []).append(value)
            heads.setdefault(value[:_HEAD], set()).add(len(beginning))
        shared: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._lengths = {head: shared.setdefault(one := tuple(sorted(some)), one) for head, some in heads.items()}

    def found_in(self, text: str) -> Iterator[str]:
        """The values that the text holds."""
        return (value for beginning in self._begun_in(text) for value in self.begun[beginning] if value in text)

    def _begun_in(self, text: str) -> set[str]:
        found = self.begun.keys() & set(text)
        for head in self._lengths.keys() & set(map(add, text, text[1:])):
            lengths, start = self._lengths[head], text.find(head)
            while start >= 0:
                found.update(part for length in lengths if (part := text[start : start + length]) in self.begun)
                start = text.find(head, start + 1)
        return found


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
