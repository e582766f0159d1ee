"""From a batch of journal rows to facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from saas import clock
from saas.arrays import Fields, arrays_of, given, uuid_array
from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat.batch import Batch, JournalRow
from tenants.fans.services import FanRef, fans_of
from tenants.kpi.domain.acts import concerns_taps, counted, counts
from tenants.kpi.domain.following import Awaited, Key, Step, follow, keys_of
from tenants.kpi.services.facts import NewFact, record_facts

Fans = Mapping[tuple[UUID, str], FanRef]

_AWAITED = text("""
    SELECT account_id, alias, msg_type, remaining, since FROM kpi_awaited
    WHERE tenant_id = app_tenant() AND alias = ANY(CAST(:aliases AS uuid[]))
""")
_FIELDS: Fields = {
    "account_id": "uuid",
    "alias": "uuid",
    "msg_type": "text",
    "remaining": "integer",
    "since": "timestamptz",
}
_KEEP_AWAITED = text(f"""
    INSERT INTO kpi_awaited (tenant_id, {", ".join(_FIELDS)})
    SELECT app_tenant(), {", ".join(_FIELDS)} FROM {given(_FIELDS)}
    ON CONFLICT (tenant_id, account_id, alias, msg_type)
    DO UPDATE SET remaining = excluded.remaining, since = excluded.since
""")


def count_batch(batch: Batch) -> int:
    """Writes what the rows add to the figures, in the caller's transaction; returns how many facts were new."""
    rows = [row for row in batch.rows if counts(row.inbound)]
    if not rows:
        return 0
    fans = fans_of(batch)
    following = _follow([row for row in rows if concerns_taps(row.inbound)], fans)
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
    rows = db.session.execute(_AWAITED, {"aliases": uuid_array({alias for _, alias, _ in keys})})
    return {(row.account_id, row.alias, row.msg_type): Awaited(row.remaining, row.since) for row in rows}


def _store_awaited(changed: Mapping[Key, Awaited]) -> None:
    if changed:
        rows = [(*key, awaited.remaining, awaited.since) for key, awaited in changed.items()]
        db.session.execute(_KEEP_AWAITED, arrays_of(rows, _FIELDS))


def _facts(rows: Sequence[JournalRow], fans: Fans, following: frozenset[int]) -> Iterator[NewFact]:
    day_of = _days(current_scope().tenant.time_zone)
    for row in rows:
        account, moment, inbound = row.account_id, row.occurred_at, row.inbound
        fan = fans.get((account, inbound.openid))
        place, alias = (account, None) if fan is None else (fan.node_id, fan.alias)
        for one in counted(inbound, row.answer, follows_tap=row.id in following):
            key = f"journal {row.id} {one.part}"
            yield NewFact(key, place, account, one.kind, 1, alias, day_of(moment), moment, row.received_at)


def _days(zone: str) -> Callable[[datetime], date]:
    """The day of a moment, looked up once for each quarter of an hour: no zone's day begins within one."""
    known: dict[int, date] = {}

    def day_of(moment: datetime) -> date:
        quarter = int(moment.timestamp()) // 900
        if quarter not in known:
            known[quarter] = clock.day_of(moment, zone)
        return known[quarter]

    return day_of
