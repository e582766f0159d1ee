"""What lies in quarantine: what could not be read, and what no observer could take, which may be tried again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import current_scope

# The key leads to the callback's row, both of which are kept for a month. What is unreadable never had a row.
_LIST = text("""
    SELECT q.id, q.account_id, q.received_at, q.reason, j.id IS NOT NULL AS is_kept
    FROM quarantine q
    LEFT JOIN dedupe_keys d ON d.tenant_id = q.tenant_id AND d.account_id = q.account_id AND d.key = q.key
    LEFT JOIN journal j ON j.tenant_id = q.tenant_id AND j.id = d.journal_id AND j.state = 'quarantined'
    WHERE q.tenant_id = :tenant_id ORDER BY q.received_at, q.id
""")
_RETRY = text("""
    WITH back AS (
        UPDATE journal j SET state = 'open', tries = 0, error = '', due_at = NULL
        FROM quarantine q
        JOIN dedupe_keys d ON d.tenant_id = q.tenant_id AND d.account_id = q.account_id AND d.key = q.key
        WHERE q.tenant_id = :tenant_id AND j.tenant_id = q.tenant_id AND j.id = d.journal_id AND j.state = 'quarantined'
        RETURNING q.id AS aside_id, j.id
    ), cleared AS (
        DELETE FROM quarantine WHERE tenant_id = :tenant_id AND id IN (SELECT aside_id FROM back)
    )
    SELECT id FROM back ORDER BY id
""")


class Aside(NamedTuple):
    """A callback in quarantine; `is_kept` says that the journal still has it, so that it may be tried again."""

    id: UUID
    account_id: UUID
    received_at: datetime
    reason: str
    is_kept: bool


def list_aside() -> Sequence[Aside]:
    """What the tenant has in quarantine, the oldest first."""
    return [Aside(*row) for row in db.session.execute(_LIST, {"tenant_id": current_scope().tenant.id})]


def reopen_aside() -> Sequence[int]:
    """Puts all that may be tried again back to be consumed; the journal's numbers. A second call finds nothing."""
    return db.session.scalars(_RETRY, {"tenant_id": current_scope().tenant.id}).all()
