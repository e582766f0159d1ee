"""The SQL that adds facts up; the consumer, the recount and the rebuild share it, so that they can't disagree."""

from __future__ import annotations

from collections.abc import Iterable

from tenants.kpi.domain.kinds import COLUMNS, DISTINCT, INTERACTIONS, SUMS, Kind

COLUMN_LIST = ", ".join(COLUMNS)
MONTH_OF = "date_trunc('month', {day}::timestamp)::date"


def _among(kinds: Iterable[Kind]) -> str:
    return "kind IN ({})".format(", ".join(f"'{kind}'" for kind in kinds))


_SUMMED = ",\n       ".join(
    [f"coalesce(sum(amount) FILTER (WHERE {_among(kinds)}), 0)::integer AS {column}" for column, kinds in SUMS.items()]
    + [f"(count(*) FILTER (WHERE kind IS NULL))::integer AS {DISTINCT}"]
)
_ADDED = ", ".join(f"{column} = kept.{column} + excluded.{column}" for column in COLUMNS)

FAN_FACTS = f"{_among(INTERACTIONS)} AND alias IS NOT NULL"
"""The facts whose distinct fans are counted."""


def added(period: str, facts: str, fans: str) -> str:
    """Sums by node and period of `facts` (node_id, day, kind, amount) and of `fans`, one row for each distinct fan.

    A fan's row joins as a fact without kind: only so can one grouping count both.
    """
    key = "day" if period == "day" else MONTH_OF.format(day="day")
    return f"""
    SELECT node_id, {period}, {_SUMMED}
    FROM (SELECT node_id, {key} AS {period}, kind, amount FROM {facts}
          UNION ALL SELECT node_id, {period}, NULL, 0 FROM {fans}) AS both_kinds
    GROUP BY node_id, {period}
    """


def upsert(table: str, period: str, sums: str) -> str:
    """Adds sums to the stored ones."""
    return f"""
    INSERT INTO {table} AS kept (tenant_id, node_id, {period}, {COLUMN_LIST})
    SELECT app_tenant(), node_id, {period}, {COLUMN_LIST} FROM ({sums}) AS summed
    ON CONFLICT (tenant_id, {period}, node_id) DO UPDATE SET {_ADDED}
    """
