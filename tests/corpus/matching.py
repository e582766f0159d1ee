"""Messages made for rules that fit at every character, to be answered beside everybody else's (conftest's RULES)."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.corpus.cases import Accounts, Case, Outcome, pushed, text

_DICE = Random(7)
LENGTHS = range(2, 61)
KEYWORDS = [
    *("a" * length for length in LENGTHS),
    *("⁗" * length for length in range(1, 16)),
    *("b" + "x" * (length - 1) for length in LENGTHS),
]
"""Each within the next one, and those that begin as the message does but never fit."""
PATTERNS = [f"a[ab]{{{200 + number}}}c{number}" for number in range(25)]
"""Each has a state for every place it may have begun at."""

MESSAGES = {
    "one letter": "a" * 2_048,
    "one letter, as long as can be": "a" * 60_000,
    "a sign that counts as four": "⁗" * 15_000,
    "letters by the dice": "".join(_DICE.choice("ab") for _ in range(40_000)),
    "letters and blanks": "a b " * 12_000,
    "what begins a keyword": "bx" * 20_000,
    "faces": "/::)[微笑]" * 2_500,
}


def cases(known: Accounts) -> Iterator[Case]:
    """All of them in clear and sealed."""
    for keys in (known.plain, known.safe):
        for name, words in MESSAGES.items():
            if len(words.encode()) < 44_000 or keys is known.plain:  # sealed it would be too large for another reason
                yield pushed(keys, f"fits everywhere: {name}", text(words), Outcome.STORED)
