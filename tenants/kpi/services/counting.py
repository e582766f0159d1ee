"""From a batch of journal rows to facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import text

from saas import clock
from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat.batch import Batch, JournalRow
from tenants.fans.services.observing import FanRef, find_fans
from tenants.kpi.domain.acts import counted
from tenants.kpi.domain.following import Awaited, Key, Step, follow, keys_of
from tenants.kpi.services.facts import NewFact, record_facts

Fans = Mapping[tuple[UUID, str], FanRef]

_AWAITED = text("""
    SELECT account_id, alias, msg_type, remaining, since FROM kpi_awaited
    WHERE tenant_id = app_tenant() AND alias = ANY(CAST(:aliases AS uuid[]))
""")
_KEEP_AWAITED = text("""
    INSERT INTO kpi_awaited (tenant_id, account_id, alias, msg_type, remaining, since)
    SELECT app_tenant(), * FROM unnest(CAST(:accounts AS uuid[]), CAST(:aliases AS uuid[]), CAST(:types AS text[]),
                                       CAST(:remaining AS integer[]), CAST(:since AS timestamptz[]))
    ON CONFLICT (tenant_id, account_id, alias, msg_type)
    DO UPDATE SET remaining = excluded.remaining, since = excluded.since
""")


def count_batch(batch: Batch) -> int:
    """Writes what the rows add to the figures, in the caller's transaction; returns how many facts were new."""
    rows = [row for row in batch.rows if any(counted(row.inbound, row.answer))]
    if not rows:
        return 0
    fans = find_fans({(row.account_id, row.inbound.openid) for row in rows})
    following = _follow(rows, fans)
    return record_facts(list(_facts(rows, fans, following)))


def _follow(rows: Sequence[JournalRow], fans: Fans) -> frozenset[int]:
    steps = [
        Step(row.id, row.account_id, fan.alias, row.inbound, row.occurred_at)
        for row in rows
        if (fan := fans.get((row.account_id, row.inbound.openid))) is not None and fan.alias is not None
    ]
    followed = follow(steps, _load_awaited(keys_of(steps)))
    _store_awaited(followed.changed)
    return followed.sources


def _load_awaited(keys: frozenset[Key]) -> dict[Key, Awaited]:
    if not keys:
        return {}
    rows = db.session.execute(_AWAITED, {"aliases": list({alias for _, alias, _ in keys})})
    return {(row.account_id, row.alias, row.msg_type): Awaited(row.remaining, row.since) for row in rows}


def _store_awaited(changed: Mapping[Key, Awaited]) -> None:
    if not changed:
        return
    values = {
        "accounts": [key[0] for key in changed],
        "aliases": [key[1] for key in changed],
        "types": [key[2] for key in changed],
        "remaining": [awaited.remaining for awaited in changed.values()],
        "since": [awaited.since for awaited in changed.values()],
    }
    db.session.execute(_KEEP_AWAITED, values)


def _facts(rows: Sequence[JournalRow], fans: Fans, following: frozenset[int]) -> Iterator[NewFact]:
    zone = current_scope().tenant.time_zone
    for row in rows:
        fan = fans.get((row.account_id, row.inbound.openid))
        for one in counted(row.inbound, row.answer, follows_tap=row.id in following):
            yield NewFact(
                source_key=f"journal {row.id} {one.part}",
                node_id=fan.node_id if fan else row.account_id,
                account_id=row.account_id,
                kind=one.kind,
                alias=fan.alias if fan else None,
                day=clock.day_of(row.occurred_at, zone),
                occurred_at=row.occurred_at,
                received_at=row.received_at,
            )
