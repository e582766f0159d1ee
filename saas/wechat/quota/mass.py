"""The ledger of mass sends: what WeChat reports as gone out, whoever sent it (docs/protocol.md, 10).

It comes to know of a mass send by the report of its end; one that is under way isn't counted yet.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import text

from saas.arrays import Fields, arrays_of, given
from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat.batch import Batch
from saas.wechat.messages import MassSent
from saas.wechat.quota.accounts import BEIJING
from saas.wechat.quota.limits import MASS

FAILED = ("err", "send fail", "send_fail")
Sent = tuple[UUID, str]
SENT: Fields = {"account_id": "uuid", "path": "text", "day": "date"}
# WeChat may report one end twice, also on two days.
COUNT = text(f"""
    INSERT INTO call_counts (tenant_id, account_id, path, day, used)
    SELECT :tenant, account_id, path, day, 1 FROM {given(SENT)}
    WHERE NOT EXISTS (SELECT FROM call_counts c
        WHERE c.tenant_id = :tenant AND c.account_id = given.account_id AND c.path = given.path)
    ON CONFLICT DO NOTHING
""")


def count(batch: Batch) -> None:
    """Counts the mass sends of a batch, each once by WeChat's id of it, on the day of Beijing of its report."""
    sent: dict[Sent, date] = {}
    for row in batch.rows:
        if isinstance(row.inbound, MassSent) and has_gone_out(row.inbound):
            place = (row.account_id, f"{MASS}{row.inbound.job_id}")
            sent.setdefault(place, row.occurred_at.astimezone(BEIJING).date())
    if sent:
        rows = [(*place, day) for place, day in sorted(sent.items())]
        db.session.execute(COUNT, {"tenant": current_scope().tenant.id, **arrays_of(rows, SENT)})


def has_gone_out(report: MassSent) -> bool:
    """Whether it reached anybody: WeChat also reports what its examiners stopped."""
    return bool(report.sent_count) or not report.status.lower().startswith(FAILED)
