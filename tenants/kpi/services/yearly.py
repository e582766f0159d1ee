"""One metric over the months of a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text

from saas.db import db
from tenants.kpi.domain.kinds import COLUMNS
from tenants.kpi.domain.periods import add_months, months_between
from tenants.kpi.domain.trees import Forest, MonthSpan

MONTHS = 12

_SPANS = """
FROM kpi_months AS k JOIN unnest(CAST(:nodes AS uuid[]), CAST(:firsts AS date[]), CAST(:lasts AS date[]))
    AS span (node_id, first, last) ON k.node_id = span.node_id
"""
_SUMS = f"""
SELECT k.month, sum({{change}})::integer {_SPANS}
WHERE k.tenant_id = app_tenant() AND k.month BETWEEN span.first AND span.last GROUP BY k.month
"""
_TOTALS = f"""
SELECT m.month, sum(k.followers_new - k.followers_lost + k.followers_adjusted)::integer {_SPANS}
JOIN unnest(CAST(:months AS date[])) AS m (month) ON m.month BETWEEN span.first AND span.last AND k.month <= m.month
WHERE k.tenant_id = app_tenant() GROUP BY m.month
"""
_STATEMENTS = {
    **{column: text(_SUMS.format(change=f"k.{column}")) for column in COLUMNS},
    "followers_net": text(_SUMS.format(change="k.followers_new - k.followers_lost")),
    "followers_total": text(_TOTALS),
}


def list_year(metric: str, forest: Forest, *, top: UUID, last: date) -> list[tuple[date, int | None]]:
    """The metric of a node's subtree in each of the twelve months up to `last`; None before the first figure.

    Each month adds the nodes that stood in the subtree on its last day.
    """
    months = list(months_between(add_months(last, 1 - MONTHS), last))
    found = _read(metric, forest.month_spans(top, first=months[0], last=last), months)
    begun = min(found, default=last)
    return [(month, found.get(month, 0) if month >= begun else None) for month in months]


def _read(metric: str, members: Sequence[MonthSpan], months: list[date]) -> dict[date, int]:
    values: dict[str, object] = {
        "nodes": [member.node_id for member in members],
        "firsts": [member.first for member in members],
        "lasts": [member.last for member in members],
    }
    if metric == "followers_total":
        values["months"] = months
    return {row[0]: row[1] for row in db.session.execute(_STATEMENTS[metric], values)}
