"""The names in bench.json, and which marks the table holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.gateway.ledger import Kept
from benchmarks.outage import Figures, lines, result_of
from tests.benchmarks.gateway.test_bench import answers, consumed

KEPT = Kept(39_200, 39_200, 39_200, 39_200, 39_200, 36_000, 36_000)
FIGURES = Figures(
    normal=consumed(3_000), away=answers(1_600), live=answers(400), spool_bytes=3 << 20, seconds=20.0, kept=KEPT, lost=0
)


def missed(figures: Figures) -> set[str]:
    return {line.figure for line in lines(result_of(figures)) if not line.holds}


def test_good_figures_hold_every_mark() -> None:
    result = result_of(FIGURES)
    assert (result["spool_mb"], result["per_second"]) == (3.0, 2_000.0)
    assert missed(FIGURES) == set()


@pytest.mark.parametrize(
    ("figures", "name"),
    [
        (replace(FIGURES, seconds=601.0), "stored and consumed after its return (s)"),
        (replace(FIGURES, away=answers(1_600, max_ms=4_001.0)), "the slowest answer of all (ms)"),
        (replace(FIGURES, live=answers(400, max_ms=4_001.0)), "the slowest answer of all (ms)"),
        (replace(FIGURES, lost=1), "lost"),
        (replace(FIGURES, kept=replace(KEPT, said=39_201)), "doubled"),
        (replace(FIGURES, away=replace(answers(1_600), statuses={"200": 19_999, "503": 1})), "refused"),
    ],
)
def test_a_missed_mark_is_told(figures: Figures, name: str) -> None:
    assert missed(figures) == {name}
