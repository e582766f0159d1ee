"""What an account's rules weigh in memory: an estimate, so that a process knows how many accounts it can keep."""

from __future__ import annotations

from collections.abc import Iterable
from sys import getsizeof

from tenants.rules.domain.triggers import RuleSpec

# As tracemalloc found them, and a quarter more: the objects themselves, their places and the dictionaries they stand in.
RULE_BYTES = 700
TRIGGER_BYTES = 350
REPLY_BYTES = 300
PLACE_BYTES = 900


def bytes_of(rules: Iterable[RuleSpec]) -> int:
    """About what compiled rules take; their patterns come on top."""
    return sum(map(_bytes_of, rules))


def _bytes_of(rule: RuleSpec) -> int:
    # A keyword is there twice: as it was written, and in the form in which it is compared.
    values = sum(TRIGGER_BYTES + 2 * getsizeof(trigger.value) for trigger in rule.triggers)
    words = sum(getsizeof(word) for reply in rule.replies for word in reply.options.values())
    return RULE_BYTES + getsizeof(rule.name) + values + len(rule.replies) * REPLY_BYTES + words
