"""Whether what came back, and what it left behind, is what a case's outcome says."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from tests.corpus.cases import Case, Outcome

MOST_SECONDS = 2.0
TRACES = (b"Traceback", b"callback_failed", b"Error:", b".py", b"psycopg", b"sqlalchemy")


@dataclass(frozen=True)
class Seen:
    """One answer: its status and body, and how long it took."""

    status: int
    body: bytes
    seconds: float


def faults(case: Case, seen: Seen) -> list[str]:
    """What is wrong with an answer, in words; nothing when all is well."""
    found = []
    if seen.status != case.outcome.status:
        found.append(f"{case.name}: {seen.status} instead of {case.outcome.status}")
    elif not _is_proper(case, seen.body):
        found.append(f"{case.name}: answers {seen.body[:200]!r}")
    if seen.seconds > MOST_SECONDS:
        found.append(f"{case.name}: took {seen.seconds:.1f} s")
    return found


def _is_proper(case: Case, body: bytes) -> bool:
    if case.outcome is Outcome.STORED:
        return body == b"success" or (body.startswith(b"<xml>") and body.endswith(b"</xml>"))
    if case.outcome is Outcome.ASIDE:
        return body == b"success"
    if case.outcome is Outcome.HEARD:
        return body == (
            parse_qs(case.query, keep_blank_values=True)[b"echostr"][0] if case.method == "GET" else b"success"
        )
    return body == b""


def left(case: Case, before: tuple[int, int], after: tuple[int, int]) -> list[str]:
    """What is wrong with the rows that a case left."""
    rows = (after[0] - before[0], after[1] - before[1])
    return [] if rows == case.outcome.rows else [f"{case.name}: left {rows} rows instead of {case.outcome.rows}"]
