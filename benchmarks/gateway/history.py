"""Ten million rows that are there already: journal, dedupe keys, messages and facts, as months of use leave them.

The indexes are dropped while rows are written and made anew behind them: the same indexes in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from benchmarks.gateway.brand import Brand

ROWS = 10_000_000
PORTION = 500_000
TABLES = ("messages", "journal", "facts", "dedupe_keys")

# The journal and its keys are kept for thirty days, messages and facts for years.
_RECENT = "now() - interval '29 days' * (1 - n::float8 / %(rows)s)"
_LONG = "now() - interval '11 months' * (1 - n::float8 / %(rows)s)"
# As the journal makes them: the second of the push first, so that keys of one time lie side by side in their index.
_KEY = f"int8send(extract(epoch FROM {_RECENT})::bigint) || substr(sha256(int8send(n)), 1, 24)"
_REPLY = """'{"type": "text", "content": "关于拿铁价格:欢迎到店,或回复「人工」由同事为您解答。"}'::jsonb"""
_ANSWER = """'{"reply": {"type": "text", "content": "关于拿铁价格:欢迎到店,或回复「人工」由同事为您解答。"}, "effects": [],
    "origin": ["rules", "01a201be-0808-705b-89df-a120adbbb77c"]}'::jsonb"""
_FILL = {
    "journal": f"""
        INSERT INTO journal (tenant_id, id, received_at, account_id, key, raw, answer, state)
        SELECT %(tenant)s, n - %(rows)s, {_RECENT}, %(account)s, {_KEY},
            convert_to(repeat(md5(n::text), 14), 'UTF8'),
            {_ANSWER}, 'done'
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n""",
    "dedupe_keys": f"""
        INSERT INTO dedupe_keys (tenant_id, account_id, key, reply, journal_id, received_at)
        SELECT %(tenant)s, %(account)s, {_KEY}, {_REPLY}, n - %(rows)s, {_RECENT}
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n""",
    "messages": f"""
        INSERT INTO messages (tenant_id, id, received_at, created_at, account_id, fan_id, node_id, direction, author,
            type, content, extra, search, answered, origin, rule_id, journal_id)
        SELECT %(tenant)s, gen_random_uuid(), moment, moment, %(account)s, %(fans)s[1 + n %% %(fan_count)s], %(account)s,
            CASE WHEN n %% 2 = 0 THEN 'in' ELSE 'out' END, CASE WHEN n %% 2 = 0 THEN 'fan' ELSE 'robot' END,
            'text', '拿铁价格' || n, '{{}}', ARRAY['拿铁', '铁价', '价格', (n %% 5000)::text], true, 'rules', md5(n::text), (n / 2) - %(rows)s
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n, LATERAL (SELECT {_LONG} AS moment) AS at""",
    "facts": f"""
        INSERT INTO facts (tenant_id, source_key, node_id, account_id, kind, amount, alias, day, occurred_at, received_at)
        SELECT %(tenant)s, (n / 2 - %(rows)s) || CASE WHEN n %% 2 = 0 THEN ':interaction' ELSE ':reply_robot' END, %(account)s,
            %(account)s, CASE WHEN n %% 2 = 0 THEN 'interaction' ELSE 'reply_robot' END, 1, %(fans)s[1 + n %% %(fan_count)s],
            moment::date, moment, moment
        FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n, LATERAL (SELECT {_LONG} AS moment) AS at""",
}
_MONTHS = "SELECT ensure_partitions('messages', (current_date - interval '12 months')::date, current_date)"
_CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %(table)s::regclass AND contype IN ('p', 'u') ORDER BY contype
"""
_INDEXES = """
    SELECT i.relname, replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ') FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    WHERE x.indrelid = %(table)s::regclass AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid)
"""


@dataclass(frozen=True)
class History:
    """Where the rows go, and how many."""

    url: str
    brand: Brand
    rows: int = ROWS


def fill(history: History) -> None:
    """Writes the rows, two tables at a time, and leaves tables as a night's maintenance would."""
    with _administrator(history) as admin, _hurried(admin):
        admin.execute(_MONTHS)
        with ThreadPoolExecutor(2) as two:
            list(two.map(lambda table: _fill(history, table), TABLES))
        admin.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")


@contextmanager
def _hurried(admin: psycopg.Connection) -> Iterator[None]:
    """Nothing is made certain meanwhile; afterwards all of it is, and the server is as before."""
    for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '30GB'"):
        admin.execute(f"ALTER SYSTEM SET {setting}")
    admin.execute("SELECT pg_reload_conf()")
    yield
    admin.execute("ALTER SYSTEM RESET ALL")
    admin.execute("SELECT pg_reload_conf()")
    admin.execute("CHECKPOINT")


def _fill(history: History, table: str) -> None:
    with _administrator(history) as admin, _without_indexes(admin, table):
        fans = [row[0] for row in admin.execute("SELECT id FROM fans ORDER BY openid").fetchall()]
        ids = {"tenant": history.brand.tenant.id, "account": history.brand.account_id}
        known = {**ids, "rows": history.rows, "fans": fans, "fan_count": len(fans)}
        for first in range(1, history.rows + 1, PORTION):
            admin.execute(_FILL[table], {**known, "first": first, "last": min(first + PORTION - 1, history.rows)})


@contextmanager
def _without_indexes(admin: psycopg.Connection, table: str) -> Iterator[None]:
    constraints = admin.execute(_CONSTRAINTS, {"table": table}).fetchall()
    indexes = admin.execute(_INDEXES, {"table": table}).fetchall()
    for name, _ in constraints:
        admin.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        admin.execute(f"DROP INDEX {name}")
    yield
    for name, definition in constraints:
        admin.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for _, definition in indexes:
        admin.execute(definition)


@contextmanager
def _administrator(history: History) -> Iterator[psycopg.Connection]:
    with psycopg.connect(history.url, autocommit=True) as admin:
        # No foreign keys are asked for each of the rows: they are ours, and right.
        admin.execute("SET session_replication_role = replica")
        admin.execute("SET maintenance_work_mem = '1GB'")
        admin.execute("SET synchronous_commit = off")
        yield admin
