"""What the role `platform` does every hour: months made ahead, and what has been kept long enough dropped."""

from __future__ import annotations

import structlog
from sqlalchemy import Engine, TextClause, text

from saas.security.faults import describe

TABLES = text("""
    SELECT c.relname::text FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
    WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname
""")
MONTHS = text("SELECT ensure_partitions(:parent, current_date - 31, (current_date + interval '3 months')::date)")
# A late try of WeChat's comes within a minute, a replayed one within days.
KEYS = text("DELETE FROM dedupe_keys WHERE received_at < now() - interval '30 days'")
QUARANTINE = text("DELETE FROM quarantine WHERE received_at < now() - interval '90 days'")
# WeChat tells of a scan at once; after an outage of ours it may tell late.
CODES = text("DELETE FROM pre_auth_codes WHERE expires_at < now() - interval '30 days'")
OUTBOX = text("DELETE FROM outbox WHERE finished_at < now() - interval '90 days'")
ALLOWANCES = text("DELETE FROM allowances WHERE expires_at < now() - interval '1 day'")
CALLS = text("DELETE FROM call_counts WHERE day < current_date - 62")
JOURNAL = text("SELECT drop_old_journal(current_date - 31)")
STEPS = {
    "dedupe_keys": KEYS,
    "quarantine": QUARANTINE,
    "pre_auth_codes": CODES,
    "outbox": OUTBOX,
    "allowances": ALLOWANCES,
    "call_counts": CALLS,
    "old_months": JOURNAL,
}
# Whoever keeps house consumes nothing meanwhile; the two functions have shorter waits of their own.
PATIENCE = text("SET LOCAL lock_timeout = '2s'")

log = structlog.get_logger(__name__)


def keep_house(platform: Engine) -> None:
    """Each step in a transaction of its own; may run anywhere, any number of times, also at once.

    A step that fails, or would have to wait for a lock, is logged and left for the next time, and the others go on.
    Raises when the database can't be asked at all.
    """
    with platform.connect() as connection:
        tables = connection.scalars(TABLES).all()
    for table in tables:
        _try(platform, "months", MONTHS, parent=table)
    for name, step in STEPS.items():
        _try(platform, name, step)


def _try(platform: Engine, name: str, step: TextClause, **values: str) -> None:
    try:
        with platform.begin() as connection:
            connection.execute(PATIENCE)
            connection.execute(step, values)
    except Exception as error:
        log.error("housekeeping_step_failed", step=name, **values, **describe(error))
