"""What the role `platform` does every hour: months made ahead, and what has been kept long enough dropped."""

from __future__ import annotations

from sqlalchemy import Engine, TextClause, text

PARTITIONS = text("""
    SELECT ensure_partitions(c.relname::text, current_date - 31, (current_date + interval '3 months')::date)
    FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid WHERE c.relnamespace = 'public'::regnamespace
""")
# A late try of WeChat's comes within a minute, a replayed one within days.
KEYS = text("DELETE FROM dedupe_keys WHERE received_at < now() - interval '30 days'")
QUARANTINE = text("DELETE FROM quarantine WHERE received_at < now() - interval '90 days'")
# WeChat tells of a scan at once; after an outage of ours it may tell late.
CODES = text("DELETE FROM pre_auth_codes WHERE expires_at < now() - interval '30 days'")
OUTBOX = text("DELETE FROM outbox WHERE finished_at < now() - interval '90 days'")
ALLOWANCES = text("DELETE FROM allowances WHERE expires_at < now() - interval '1 day'")
CALLS = text("DELETE FROM call_counts WHERE day < current_date - 62")
JOURNAL = text("SELECT drop_old_journal(current_date - 31)")


def keep_house(platform: Engine) -> None:
    """Each step in a transaction of its own; may run anywhere, any number of times, also at once."""
    for step in (PARTITIONS, KEYS, QUARANTINE, CODES, OUTBOX, ALLOWANCES, CALLS, JOURNAL):
        _run(platform, step)


def _run(platform: Engine, step: TextClause) -> None:
    with platform.begin() as connection:
        connection.execute(step)
