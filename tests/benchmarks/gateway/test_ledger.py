"""The account of what was kept."""

from __future__ import annotations

import pytest

from benchmarks.gateway.ledger import Kept

WHOLE = {"journal": 98, "keys": 98, "done": 98, "said": 98, "said_once": 98, "answers": 90, "answers_once": 90}


def test_all_is_there_once() -> None:
    kept = Kept(**WHOLE)
    assert (kept.lost(98, refused=0), kept.doubled) == (0, 0)


@pytest.mark.parametrize("missing", ["keys", "done", "said_once"])
def test_what_is_missing_anywhere_is_lost(missing: str) -> None:
    assert Kept(**{**WHOLE, missing: 95}).lost(98, refused=0) == 3


def test_what_was_refused_is_not_lost() -> None:
    assert Kept(**{**WHOLE, "keys": 95}).lost(98, refused=3) == 0


@pytest.mark.parametrize("doubled", ["journal", "said", "answers"])
def test_a_row_too_many_is_doubled(doubled: str) -> None:
    assert Kept(**{**WHOLE, doubled: WHOLE[doubled] + 2}).doubled == 2
