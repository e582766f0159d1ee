"""The whole corpus, by the rooms it is written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.corpus import bombs, elements, encodings, markup, matching, numbers, platform, requests, sealing, words
from tests.corpus.cases import Accounts, Case

ROOMS: dict[str, Callable[[Accounts], Iterator[Case]]] = {
    room.__name__.rpartition(".")[2]: room.cases
    for room in (bombs, elements, encodings, markup, matching, numbers, platform, requests, sealing, words)
}


def corpus(known: Accounts) -> list[Case]:
    """Every case."""
    return [case for cases in ROOMS.values() for case in cases(known)]
