"""The product's own consumer, with every capability's observer."""

from __future__ import annotations

from saas.wechat.consume import run_once
from tests.corpus.ledger import Ledger

MOST_ROUNDS = 40


def consumed(ledger: Ledger) -> bool:
    """Consumes until no row is open; whether it came to that."""
    for _ in range(MOST_ROUNDS):
        run_once()
        if "open" not in ledger.states():
            return True
    return False
