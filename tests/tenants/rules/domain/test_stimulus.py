"""How much of a message rules look at."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tenants.rules.domain.matching import compile_rules
from tenants.rules.domain.stimulus import MOST_SAID, MOST_SEARCHED, Stimulus
from tests.factories.rules import rule_spec, trigger

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["text", "voice"])
@pytest.mark.parametrize(
    ("match", "before", "fits"),
    [
        ("contains", MOST_SAID - 2, True),
        ("contains", MOST_SAID - 1, False),
        ("suffix", MOST_SAID - 2, True),
        ("suffix", MOST_SAID, False),
        ("regex", MOST_SEARCHED - 2, True),
        ("regex", MOST_SEARCHED - 1, False),
    ],
)
def test_what_stands_behind_the_first_characters_is_not_seen(kind: str, match: str, before: int, *, fits: bool) -> None:
    rules = compile_rules([rule_spec(trigger("keyword", "菜单", match))])
    message = Stimulus(message_type=kind, text="啊" * before + "菜单")
    assert (rules.match(message, NOW) is not None) is fits


def test_signs_that_become_many_make_no_message_longer() -> None:
    message = Stimulus(text="⁗" * MOST_SAID)
    assert (len(message.said), len(message.searched)) == (MOST_SAID, MOST_SEARCHED)
