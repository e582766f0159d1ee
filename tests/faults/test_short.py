"""The short form of the matrix: each step once with its own process killed, each server once per flow, then the books."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from saas.faultpoints import Point
from tests.faults.accountant import Evidence, Verdict, judge
from tests.faults.books import collect, wait_for_quiet
from tests.faults.cells import OWNERS, short
from tests.faults.driver import Driver, Outcome
from tests.faults.rig import started

SEED, LONGEST_SECONDS = 1, 600.0
pytestmark = pytest.mark.timeout(900)  # ends by itself before; two or three minutes on an idle machine


@dataclass(frozen=True)
class Run:
    """What came of it."""

    outcomes: list[Outcome]
    verdicts: list[Verdict]
    visited: set[Point]
    errors: list[BaseException]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """The whole matrix, on one rig."""
    with started(SEED) as rig:
        driver = Driver(rig, seconds=LONGEST_SECONDS)
        for cell in short(SEED):
            driver.run(cell)
        wait_for_quiet(rig)
        evidence: Evidence = collect(rig, driver.outcomes)
        visited = {visit.point for visit in rig.trace.since(0)}
        yield Run(driver.outcomes, judge(evidence), visited, rig.load.errors)


def test_every_step_was_reached_and_hurt(run: Run) -> None:
    assert [outcome.line for outcome in run.outcomes if not outcome.reached] == []
    assert run.errors == []


def test_every_declared_point_was_visited(run: Run) -> None:
    assert set(Point) - run.visited == set()
    assert set(Point) - set(OWNERS) == set()


@pytest.mark.parametrize("invariant", ["V1", "V2", "V3", "V4", "V6", "V7", "V8", "V10"])
def test_the_invariant_holds(run: Run, invariant: str) -> None:
    judged = [verdict for verdict in run.verdicts if verdict.id == invariant]
    assert judged
    assert [verdict.line for verdict in judged if not verdict.holds] == []
