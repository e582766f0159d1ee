"""The names in bench.json, and which marks the table holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.gateway.bench import lines, result_of
from benchmarks.gateway.client import Answers
from benchmarks.gateway.ledger import Kept
from benchmarks.gateway.measure import Figures, ModeFigures, median_of
from benchmarks.gateway.memory import Weight
from benchmarks.gateway.rounds import Consumed, Echoed

PROMISED = {
    "ratio_plain", "ratio_safe", "per_second_plain", "per_second_safe", "p99_ms_at_1000", "lost", "doubled", "worker_mib"
}  # fmt: skip


def answers(per_second: float, **changes: float) -> Answers:
    return replace(
        Answers(
            sent=20_000,
            answered=20_000,
            statuses={"200": 20_000},
            broken=0,
            first=100.0,
            last=100.0 + 20_000 / per_second,
            p50_ms=2.0,
            p99_ms=20.0,
            p995_ms=25.0,
            max_ms=30.0,
            late_ms=1.0,
            cpu_seconds=0.5,
            wall_seconds=5.0,
        ),
        **changes,  # type: ignore[arg-type]
    )


def consumed(per_second: float, **changes: float) -> Consumed:
    split = {"server": 0.4, "consumer": 0.2, "postgres": 0.2}
    kept = Kept(19_600, 19_600, 19_600, 19_600, 19_600, 18_000, 18_000)
    return Consumed(answers(per_second, **changes), 20_000, 20_000 / per_second + 0.1, 0.1, kept, 0, split)


def figures(
    *, ours: float = 4_000, paced: float = 1_000, late: float = 1.0, grown: float = 4_000, mib: float = 300.0
) -> Figures:
    speeds = {"hello": 30_000, "echo": 8_000, "robot": 7_000}
    peers = {name: Echoed(answers(speed), 200.0) for name, speed in speeds.items()}
    mode = ModeFigures(peers, [consumed(ours)], consumed(paced, late_ms=late, p995_ms=120.0), consumed(3_000))
    weight = (Weight(140.0, 100.0), Weight(mib, mib - 40))
    return Figures({"plain": mode, "safe": mode}, [consumed(4_000)], [consumed(grown)], 200.0, 10_000_000, weight)


def missed(found: Figures) -> set[str]:
    return {line.figure for line in lines(result_of(found)) if not line.holds}


def test_the_promised_names_are_there() -> None:
    result = result_of(figures())
    assert set(result) >= PROMISED
    assert result["p99_ms_at_1000"] == 121.0
    assert result["alone_per_second_plain"] == pytest.approx(3_000, rel=0.1)
    assert result["ratio_plain"] == pytest.approx(0.49, abs=0.01)


def test_good_figures_hold_every_mark() -> None:
    assert missed(figures()) == set()


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (figures(ours=1_400), "plain: stored and consumed a second | echo"),
        (figures(ours=1_400), "safe: ratio to the echo"),
        (figures(paced=950), "plain: pace held (a second)"),
        (figures(late=200.0), "p99 at 1,000 a second, from the planned moment (ms, at most)"),
        (figures(grown=3_000), "… times as long"),
        (figures(mib=351.0), "worker, 500 accounts × 200 rules: RSS (MiB)"),
    ],
)
def test_a_missed_mark_is_told(found: Figures, name: str) -> None:
    assert name in missed(found)


def test_the_short_form_leaves_out_what_it_did_not_measure() -> None:
    short = Figures(figures().modes)
    assert "worker_mib" not in result_of(short)
    assert missed(short) == set()


def test_the_middle_pass_counts() -> None:
    assert median_of([Echoed(answers(speed), 1.0) for speed in (9, 5, 7)]).per_second == pytest.approx(7)
