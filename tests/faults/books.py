"""Collects what stands where after quiet time: the simulator's ledgers, the tables, the spool, logs and Redis."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from saas.db import db
from saas.security.secrets import Box, box_of
from saas.tenancy.scope import enter, system_scope
from saas.wechat.journal import seal_context
from tenants.kpi.services.recount import compare_with_facts
from tests.faults import leaks
from tests.faults.accountant import Effect, Evidence, Kept, Pushed
from tests.faults.brands import KEYWORD, Connected
from tests.faults.cells import Victim
from tests.faults.driver import Outcome
from tests.faults.rig import Rig, wait_until

QUIET_WITHIN = 60.0
OPEN = """
    SELECT (SELECT count(*) FROM journal WHERE state = 'open')
         + (SELECT count(*) FROM outbox WHERE state IN ('planned', 'sending'))
"""
OLDEST = """
    SELECT coalesce(extract(epoch FROM clock_timestamp() - min(received_at)), 0) FROM journal WHERE state = 'open'
"""
UNDER_WAY = "SELECT count(*) FROM deliveries WHERE status = 'sending'"
REPORT_SECONDS = 3.0
JOURNAL = "SELECT tenant_id, id, account_id, key, raw, state FROM journal"
MESSAGES = "SELECT journal_id AS id, count(*) AS number FROM messages WHERE direction = 'in' GROUP BY 1"
FACTS = "SELECT split_part(source_key, ' ', 2) AS id, count(*) AS number FROM facts WHERE source_key LIKE 'journal % act' GROUP BY 1"
OUTBOX = "SELECT payload::text AS payload, state, key, called_at FROM outbox"
WORDS = re.compile(r"答 ([0-9a-f]{16})")
OK, AGAIN = 200, 503
# A kill hits a call when it comes after its beginning and before its outcome is written; the driver sees it a moment later.
CALL_SECONDS, CLOCKS = 5.0, 0.5
CALLERS = {Victim.SENDER, Victim.POSTGRES, Victim.BACKEND}
"""Whose end can leave a call without an outcome."""
Span = tuple[float, float]


def wait_for_quiet(rig: Rig) -> float:
    """Nobody writes or answers any more; how long it took until nothing was open. Never raises: what stays open is evidence."""
    rig.load.stop()
    rig.crew.end("agent")
    with as_superuser(rig) as connection:

        def is_quiet() -> bool:
            return not _number(connection, OPEN) and not rig.desk.store.count(UNDER_WAY)

        try:
            took = wait_until(is_quiet, QUIET_WITHIN, "nothing open")
            time.sleep(REPORT_SECONDS)  # WeChat's reports of the last templates come later
            return took + wait_until(is_quiet, QUIET_WITHIN, "nothing open")
        except TimeoutError:
            return QUIET_WITHIN


def collect(rig: Rig, outcomes: Iterable[Outcome]) -> Evidence:
    """All ledgers, after `wait_for_quiet`."""
    rig.probe.stop()
    rig.watch.stop()
    canaries, outcomes = _canaries(rig), list(outcomes)
    delivered = _delivered(rig)
    with as_superuser(rig) as connection:
        return Evidence(
            pushes=tuple(_pushes(rig, outcomes)),
            journal=tuple(_journal(rig, connection)),
            effects=tuple(effects := list(_effects(connection, delivered, outcomes))),
            strange_deliveries=sum(delivered.values()) - sum(effect.deliveries for effect in effects),
            differences=_differences(rig),
            spooled=len(list((rig.config.data_dir / "spool").glob("*.spool"))),
            oldest_open_seconds=_number(connection, OLDEST),
            looks=rig.probe.looks,
            foreign_seen=tuple(rig.probe.seen),
            canaries=len(canaries),
            places=len(rig.watch),
            leaks=tuple(_leaks(rig, connection, canaries)),
            resumed=tuple((name, took) for outcome in outcomes for name, took in outcome.resumed.items()),
        )


@contextmanager
def as_superuser(rig: Rig) -> Iterator[psycopg.Connection[Any]]:
    """Sees every row of every brand."""
    url = rig.servers.postgres.url("rig")
    with psycopg.connect(url, autocommit=True, row_factory=namedtuple_row) as connection:
        yield connection


def _number(connection: psycopg.Connection[Any], query: str) -> float:
    (row,) = connection.execute(query).fetchall()  # type: ignore[arg-type]
    return float(row[0])


def _absences(outcomes: list[Outcome], name: str) -> list[Span]:
    """From when to when it was not there."""
    return [(one.killed_at, one.worked_at[name]) for one in outcomes if name in one.worked_at]


def _pushes(rig: Rig, outcomes: list[Outcome]) -> Iterator[Pushed]:
    deaf, forgetful = _absences(outcomes, "callback"), _absences(outcomes, "postgresql")
    accounts = {account.app_id: account for brand in rig.brands for account in brand.accounts}
    for row in rig.desk.store.rows("SELECT app_id, request, tries FROM deliveries"):
        tries = json.loads(row["tries"])
        answered = [one for one in tries if one["status"] == OK and not one["fault"]]
        met_nobody = all(is_excused(one, deaf=deaf, forgetful=forgetful) for one in tries)
        expected = _expected(accounts[row["app_id"]], row["request"])
        yield Pushed(row["request"], tuple(_said(one["reply"]) for one in answered), _said(expected), met_nobody)


def is_excused(one: Mapping[str, Any], *, deaf: Iterable[Span], forgetful: Iterable[Span]) -> bool:
    """Whether a try fell into a time in which nobody listened, and so has no status; or was told to come again while
    PostgreSQL was away, which an account not seen since the start may be.
    """
    spans = deaf if one["status"] is None else forgetful if one["status"] == AGAIN else ()
    return any(one["at"] <= ended and one["at"] + one["ms"] / 1000 + CLOCKS >= began for began, ended in spans)


def _expected(account: Connected, xml: str) -> dict[str, str] | None:
    return {"type": "text", "content": account.answer} if KEYWORD in xml else None


def _said(reply: Mapping[str, object] | None) -> str:
    return json.dumps(reply, ensure_ascii=False, sort_keys=True)


def _journal(rig: Rig, connection: psycopg.Connection[Any]) -> Iterator[Kept]:
    boxes = _boxes(rig)
    messages = Counter({row.id: row.number for row in connection.execute(MESSAGES)})
    facts = Counter({int(row.id): row.number for row in connection.execute(FACTS)})
    for row in connection.execute(JOURNAL).fetchall():
        raw = boxes[str(row.tenant_id)].open(bytes(row.raw), seal_context(row.account_id, bytes(row.key)))
        yield Kept(raw.decode(), row.state, messages[row.id], facts[row.id], is_report="JOBFINISH" in raw.decode())


def _delivered(rig: Rig) -> Counter[str]:
    """How often each of the agent's words reached a fan."""
    rows = rig.desk.store.rows("SELECT content FROM booked")
    return Counter(words for row in rows for words in WORDS.findall(row["content"]))


def _effects(
    connection: psycopg.Connection[Any], delivered: Mapping[str, int], outcomes: list[Outcome]
) -> Iterator[Effect]:
    kills = [one.killed_at for one in outcomes if one.reached and CALLERS & set(one.cell.victims)]
    for row in connection.execute(OUTBOX).fetchall():
        (words,) = WORDS.findall(row.payload)
        since = row.called_at.timestamp() if row.called_at else 0.0
        was_cut = any(since - CLOCKS <= kill <= since + CALL_SECONDS for kill in kills)
        yield Effect(words, row.state, row.key is not None, was_cut, delivered[words])


def _boxes(rig: Rig) -> dict[str, Box]:
    found = {}
    with rig.app.app_context():
        for brand in rig.brands:
            with enter(system_scope(brand.tenant)):
                found[str(brand.tenant.id)] = box_of(brand.tenant.id)
                db.session.rollback()
    return found


def _differences(rig: Rig) -> int:
    """Cells of the figures that a recount from the facts finds otherwise."""
    number = 0
    with rig.app.app_context():
        for brand in rig.brands:
            with enter(system_scope(brand.tenant)):
                number += len(compare_with_facts())
                db.session.rollback()
    return number


def _canaries(rig: Rig) -> dict[str, str]:
    """Secrets by name. An openid is personal, not secret: tables may hold it, nothing else."""
    connections = [account.values for brand in rig.brands for account in brand.accounts]
    names = ("app_secret", "token", "encoding_aes_key")
    secrets = {f"{name} {number}": str(values[name]) for number, values in enumerate(connections) for name in names}
    tokens = [row["token"] for row in rig.desk.store.rows("SELECT token FROM tokens")]
    secrets |= {f"access token {number}": token for number, token in enumerate([*tokens, *rig.dead_tokens])}
    secrets |= {"master key": rig.config.master_key, "secret key": rig.config.secret_key}
    openids = [openid for brand in rig.brands for openid in brand.openids]
    return secrets | {f"openid {number}": openid for number, openid in enumerate(openids)}


def _leaks(rig: Rig, connection: psycopg.Connection[Any], canaries: Mapping[str, str]) -> Iterator[str]:
    spool, logs = rig.config.data_dir / "spool", rig.folder.rglob("*.log")
    yield from leaks.in_files([*logs, *spool.glob("*")], canaries)
    yield from rig.watch.leaks(canaries)
    yield from leaks.in_tables(connection, {name: value for name, value in canaries.items() if "openid" not in name})
    yield from leaks.in_column(connection, "arguments", "jobs", canaries)
