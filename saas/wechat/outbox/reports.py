"""What WeChat reports of template messages afterwards: one that it took may still not arrive.

A report names the fan and the msgid of the call's answer. It may come before that answer is written here: then it waits
in the rows that may become its own, and is looked at when one of them does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import text

from saas.db import db
from saas.wechat.batch import Batch, JournalRow
from saas.wechat.messages import TemplateSent
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.states import State


class Report(StrEnum):
    """Why a message that WeChat took did not arrive; stands as the row's reason."""

    BLOCKED = "reported_block"
    LIMITED = "reported_limit"
    SYSTEM = "reported_system"
    OTHER = "reported"


REPORTS: Mapping[str, LazyString] = {
    Report.BLOCKED: lazy_gettext("Not delivered: the fan has switched off this account's messages."),
    Report.LIMITED: lazy_gettext("Not delivered: the fan has had as many template messages as WeChat allows."),
    Report.SYSTEM: lazy_gettext("Not delivered: WeChat reported a failure of its own. You may send it again."),
    Report.OTHER: lazy_gettext("Not delivered: WeChat took the message and then reported that it failed."),
}
THEIRS: Mapping[str, Report] = {
    "user block": Report.BLOCKED,
    "freq limit": Report.LIMITED,
    "system failed": Report.SYSTEM,
}
# Found by the fan's index. A row that its sender is just settling is waited for, and looked at as it then stands: either
# it knows its msgid by now, or its sender will find the report here.
_HEAR = text("""
    WITH heard AS (
        UPDATE outbox o SET
            state = CASE o.state WHEN 'done' THEN 'refused' ELSE o.state END,
            reason = CASE o.state WHEN 'done' THEN r.said ->> o.wechat_id ELSE o.reason END,
            reported = CASE o.state WHEN 'done' THEN o.reported ELSE coalesce(o.reported, '{}') || r.said END
        FROM jsonb_to_recordset(CAST(:reports AS jsonb)) AS r (account_id uuid, openid text, said jsonb)
        WHERE o.account_id = r.account_id AND o.openid = r.openid AND o.kind = 'template'
          AND (o.state = 'done' AND r.said ->> o.wechat_id IS NOT NULL
               OR o.state IN ('planned', 'sending', 'unknown') AND o.tries > 0)
        RETURNING o.state
    )
    SELECT count(*) FROM heard WHERE state = 'refused'
""")


def hear(batch: Batch) -> int:
    """Takes in the reports of a batch; how many messages are known by them not to have arrived. Hearing twice changes nothing."""
    failed = _failed(batch.rows)
    if not failed:
        return 0
    reports = [{"account_id": account, "openid": openid, "said": failed[account, openid]} for account, openid in failed]
    return db.session.scalar(_HEAR, {"reports": json.dumps(reports, default=str)}) or 0


def settle(row: OutboxRow) -> bool:
    """Applies a report that came before the outcome; called in the outcome's transaction. Whether there was one."""
    report = (row.reported or {}).get(row.wechat_id or "")
    if report is None or row.state != State.DONE:
        return False
    row.state, row.reason = State.REFUSED, report
    return True


def _failed(rows: Iterable[JournalRow]) -> Mapping[tuple[UUID, str], dict[str, Any]]:
    """By fan: msgids with the reason. A fan's stand together, since a statement writes a row once."""
    found: dict[tuple[UUID, str], dict[str, Any]] = {}
    for row in rows:
        report = row.inbound
        if isinstance(report, TemplateSent) and report.failure is not None:
            place = found.setdefault((row.account_id, report.openid), {})
            place[report.job_id] = THEIRS.get(report.failure, Report.OTHER)
    return found
