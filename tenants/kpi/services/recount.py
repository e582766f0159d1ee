"""Counting again from the facts: what differs, and, on demand, writing the sums anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from saas.db import db
from tenants.kpi.domain.kinds import COLUMNS
from tenants.kpi.domain.periods import last_day
from tenants.kpi.services.facts import own_sums
from tenants.kpi.services.sums import COLUMN_LIST, FAN_FACTS, MONTH_OF, added

EVER = (date(2000, 1, 1), date(2999, 12, 31))

_MONTH = MONTH_OF.format(day="day")
_CHOSEN = f"""
WITH chosen AS (
    SELECT node_id, day, kind, amount, alias FROM facts WHERE tenant_id = app_tenant() AND day BETWEEN :first AND :last
), fans AS (SELECT DISTINCT node_id, alias, day FROM chosen WHERE {FAN_FACTS}
), fans_of_months AS (SELECT DISTINCT node_id, alias, {_MONTH} AS month FROM chosen WHERE {FAN_FACTS})
"""
_SUMS = {
    "day": ("kpi_days", added("day", "chosen", "fans")),
    "month": ("kpi_months", added("month", "chosen", "fans_of_months")),
}
_COMPARE = {
    period: text(f"""
    {_CHOSEN}, counted AS ({sums}), stored AS (
        SELECT node_id, {period}, {COLUMN_LIST} FROM {table}
        WHERE tenant_id = app_tenant() AND {period} BETWEEN :first AND :last
    )
    SELECT node_id, {period} AS period, to_jsonb(stored) AS stored, to_jsonb(counted) AS counted
    FROM stored FULL JOIN counted USING (node_id, {period}) WHERE stored IS DISTINCT FROM counted
    ORDER BY period, node_id
    """)
    for period, (table, sums) in _SUMS.items()
}
_COMPARE_FANS = text(f"""
{_CHOSEN}, stored AS (
    SELECT node_id, alias, day FROM fan_days WHERE tenant_id = app_tenant() AND day BETWEEN :first AND :last
)
SELECT node_id, day, (s.alias IS NOT NULL)::integer AS stored, (f.alias IS NOT NULL)::integer AS counted
FROM stored AS s FULL JOIN fans AS f USING (node_id, alias, day) WHERE s.alias IS NULL OR f.alias IS NULL
""")
_WRITE = [
    *(
        text(f"DELETE FROM {table} WHERE tenant_id = app_tenant() AND {period} BETWEEN :first AND :last")
        for table, period in (("kpi_days", "day"), ("kpi_months", "month"), ("fan_days", "day"))
    ),
    *(
        text(f"""
        INSERT INTO {table} (tenant_id, node_id, {period}, {COLUMN_LIST})
        {_CHOSEN} SELECT app_tenant(), node_id, {period}, {COLUMN_LIST} FROM ({sums}) AS summed
        """)
        for period, (table, sums) in _SUMS.items()
    ),
    text(f"""
    INSERT INTO fan_days (tenant_id, node_id, alias, day) {_CHOSEN} SELECT app_tenant(), node_id, alias, day FROM fans
    """),
]


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored sum that isn't what the facts say."""

    node_id: UUID
    period: date
    column: str
    stored: int
    counted: int


def compare_with_facts(month: date | None = None) -> list[Difference]:
    """Counts one month, or everything, again and returns what differs; changes nothing."""
    values = _range(month)
    found = [
        difference
        for statement in _COMPARE.values()
        for row in db.session.execute(statement, values)
        for difference in _differences(row)
    ]
    fans = db.session.execute(_COMPARE_FANS, values)
    return found + [Difference(row.node_id, row.day, "fan_days", row.stored, row.counted) for row in fans]


def rebuild_from_facts(month: date | None = None) -> None:
    """Writes the sums of one month, or all of them, anew from the facts, while nobody else writes them."""
    own_sums()
    for statement in _WRITE:
        db.session.execute(statement, _range(month))


def _range(month: date | None) -> dict[str, date]:
    first, last = EVER if month is None else (month, last_day(month))
    return {"first": first, "last": last}


def _differences(row: Row[Any]) -> list[Difference]:
    stored, counted = row.stored or {}, row.counted or {}
    return [
        Difference(row.node_id, row.period, column, stored.get(column, 0), counted.get(column, 0))
        for column in COLUMNS
        if stored.get(column) != counted.get(column)
    ]
