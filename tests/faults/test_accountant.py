"""The accountant is shown false books: each invariant must be seen to fail, alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults import books
from tests.faults.accountant import Effect, Evidence, Kept, Pushed, judge

PUSH = Pushed("<1/>", ("您好", "您好"), "您好")
OTHER = Pushed("<2/>", ("您好",), "您好")
UNHEARD = Pushed("<3/>", (), "您好")
ROW, ROW2, ROW3 = (Kept(f"<{number}/>", "done", 1, 1) for number in (1, 2, 3))
SENT, PLAIN = Effect("a", "done", True, False, 1), Effect("b", "unknown", False, True, 1)
BOOKS = Evidence(
    pushes=(PUSH, OTHER, UNHEARD), journal=(ROW, ROW2, ROW3), effects=(SENT, PLAIN), looks={"pages": 3, "tables": 4}, canaries=9, places=5,
    resumed=(("callback", 2.0), ("postgresql", 4.0)),
)  # fmt: skip


def broken(evidence: Evidence) -> list[str]:
    return sorted({verdict.claim.split(" of ")[0] for verdict in judge(evidence) if not verdict.holds})


def test_true_books_are_believed() -> None:
    assert broken(BOOKS) == []


def test_a_push_that_met_nobody_at_all_is_anothers_fault() -> None:
    assert broken(replace(BOOKS, pushes=(PUSH, OTHER, replace(UNHEARD, met_nobody=True)), journal=(ROW, ROW2))) == []


@pytest.mark.parametrize(
    ("status", "is_excused"),
    [(None, True), (503, False), (500, False), (404, False)],
)
def test_a_try_that_was_told_no_met_somebody(status: int | None, is_excused: bool) -> None:
    one = {"at": 5.0, "ms": 10, "status": status}
    assert books.is_excused(one, deaf=[(4, 6)], forgetful=[]) is is_excused


def test_a_try_may_be_told_no_while_postgresql_is_away() -> None:
    one = {"at": 5.0, "ms": 10, "status": 503}
    assert books.is_excused(one, deaf=[], forgetful=[(4, 6)])
    assert not books.is_excused({**one, "at": 7.0}, deaf=[], forgetful=[(4, 6)])


MUTANTS = {
    "a push lost": (replace(BOOKS, journal=(ROW, ROW3)), "pushes answered 200, and those in the journal once"),
    "a push given up": (replace(BOOKS, journal=(ROW, ROW2)), "pushes neither answered in three tries nor kept"),
    "a row doubled": (
        replace(BOOKS, journal=(ROW, ROW2, ROW2, ROW3)),
        "pushes answered 200, and those in the journal once",
    ),
    "a row of nobody": (replace(BOOKS, journal=(ROW, ROW2, ROW3, Kept("<9/>", "done", 1, 1))), "rows"),
    "a spool that stays": (replace(BOOKS, spooled=1), "callbacks left in the spool"),
    "a duplicate met by silence": (
        replace(BOOKS, pushes=(replace(PUSH, replies=("您好", "success")), OTHER)),
        "pushes answered more than once, and those answered alike",
    ),
    "another answer than the rule's": (
        replace(BOOKS, pushes=(PUSH, replace(OTHER, replies=("再见",)))),
        "pushes answered, and those answered as the rule says",
    ),
    "a row left open": (replace(BOOKS, journal=(ROW, replace(ROW2, state="open"))), "rows"),
    "a message doubled": (
        replace(BOOKS, journal=(ROW, replace(ROW2, messages=2))),
        "fans' acts consumed, and those that made one message",
    ),
    "a fact lost": (
        replace(BOOKS, journal=(ROW, replace(ROW2, facts=0))),
        "fans' acts consumed, and those counted once",
    ),
    "a row taken for poison": (
        replace(BOOKS, journal=(ROW, replace(ROW2, state="quarantined"))),
        "rows put aside as if they were poison",
    ),
    "a figure that drifts": (replace(BOOKS, differences=1), "figures that a recount finds otherwise"),
    "a row that waits long": (replace(BOOKS, oldest_open_seconds=121.0), "age"),
    "a fan told twice": (
        replace(BOOKS, effects=(SENT, replace(PLAIN, deliveries=2))),
        "effects delivered more than once",
    ),
    "only one kind tried": (replace(BOOKS, effects=(SENT,)), "kinds"),
    "a delivery nobody planned": (replace(BOOKS, strange_deliveries=1), "deliveries that no effect planned"),
    "an effect left open": (
        replace(BOOKS, effects=(replace(SENT, state="sending"), PLAIN)),
        "effects planned, and those in a final state",
    ),
    "done but never delivered": (
        replace(BOOKS, effects=(replace(SENT, deliveries=0), PLAIN)),
        "effects done, and those delivered",
    ),
    "refused yet delivered": (
        replace(BOOKS, effects=(replace(SENT, state="refused"), PLAIN)),
        "effects refused that were delivered",
    ),
    "unknown though it has a key": (
        replace(BOOKS, effects=(SENT, replace(PLAIN, has_key=True))),
        "effects unknown, and those",
    ),
    "unknown though it was not cut": (
        replace(BOOKS, effects=(SENT, replace(PLAIN, was_cut=False))),
        "effects unknown, and those",
    ),
    "another brand's row": (replace(BOOKS, foreign_seen=("messages: 甲",)), "things"),
    "a probe that never looked": (replace(BOOKS, looks={"pages": 3, "tables": 0}), "kinds"),
    "a secret in a log": (replace(BOOKS, leaks=("worker.log: token",)), "places where one"),
    "a slow web process": (replace(BOOKS, resumed=(("web", 10.5),)), "slowest return"),
    "a database that never came back": (replace(BOOKS, resumed=(("postgresql", float("inf")),)), "slowest return"),
}


@pytest.mark.parametrize(("books", "claim"), MUTANTS.values(), ids=MUTANTS)
def test_false_books_are_seen(books: Evidence, claim: str) -> None:
    assert claim in broken(books)


def test_every_invariant_has_a_mutant() -> None:
    assert {claim for _, claim in MUTANTS.values()} == {verdict.claim.split(" of ")[0] for verdict in judge(BOOKS)}
