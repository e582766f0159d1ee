"""Writing facts, together with every sum they change, in one statement of the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from saas.arrays import Fields, arrays_of, given
from saas.db import db
from saas.tenancy.scope import current_scope
from tenants.kpi.domain.kinds import Kind
from tenants.kpi.services.sums import FAN_FACTS, MONTH_OF, added, upsert


class NewFact(NamedTuple):
    """One fact to write; `day` is that of the tenant's zone."""

    source_key: str
    node_id: UUID
    account_id: UUID
    kind: Kind
    amount: int
    alias: UUID | None
    day: date
    occurred_at: datetime
    received_at: datetime


_FIELDS: Fields = {
    "source_key": "text",
    "node_id": "uuid",
    "account_id": "uuid",
    "kind": "text",
    "amount": "integer",
    "alias": "uuid",
    "day": "date",
    "occurred_at": "timestamptz",
    "received_at": "timestamptz",
}
_NAMES = ", ".join(_FIELDS)
_MONTH = MONTH_OF.format(day="fans.day")

# Every part sees the tables as they were before the statement, so `fan_days` in the NOT EXISTS is the past.
_RECORD = text(f"""
WITH new AS (
    INSERT INTO facts (tenant_id, {_NAMES})
    SELECT (SELECT app_tenant()), {_NAMES} FROM {given(_FIELDS)}
    ON CONFLICT (tenant_id, source_key) DO NOTHING
    RETURNING node_id, day, kind, amount, alias
), fans AS (
    INSERT INTO fan_days (tenant_id, node_id, alias, day)
    SELECT DISTINCT (SELECT app_tenant()), node_id, alias, day FROM new WHERE {FAN_FACTS}
    ON CONFLICT DO NOTHING
    RETURNING node_id, alias, day
), fans_of_months AS (
    SELECT DISTINCT node_id, alias, {_MONTH} AS month FROM fans
    WHERE NOT EXISTS (
        SELECT FROM fan_days AS past
        WHERE past.tenant_id = app_tenant() AND past.node_id = fans.node_id AND past.alias = fans.alias
        AND past.day >= {_MONTH} AND past.day < ({_MONTH} + interval '1 month'))
), days AS ({upsert("kpi_days", "day", added("day", "new", "fans"))}
), months AS ({upsert("kpi_months", "month", added("month", "new", "fans_of_months"))}
)
SELECT count(*) FROM new
""")
_SHARE = text("SELECT pg_advisory_xact_lock_shared(hashtextextended('kpi ' || :tenant, 0))")
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('kpi ' || :tenant, 0))")


def record_facts(facts: Sequence[NewFact]) -> int:
    """Writes the facts that are not there yet and adds them to days and months; returns how many were new."""
    if not facts:
        return 0
    share_sums()
    return int(db.session.scalar(_RECORD, arrays_of(facts, _FIELDS)) or 0)


def share_sums() -> None:
    """Keeps a rebuild of this tenant's sums out until the commit."""
    db.session.execute(_SHARE, {"tenant": str(current_scope().tenant.id)})


def own_sums() -> None:
    """Waits until nobody writes this tenant's sums, and keeps all out until the commit."""
    db.session.execute(_ALONE, {"tenant": str(current_scope().tenant.id)})
