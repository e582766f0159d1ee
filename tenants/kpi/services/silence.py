"""失联: accounts of which nothing was heard for some days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text

from saas import clock
from saas.db import db
from saas.tenancy.scope import current_scope
from tenants.accounts.services.lines import NodeLine, list_lines
from tenants.kpi.domain.trees import Tree

SILENT_AFTER = timedelta(days=3)
LOOK_BACK = timedelta(days=60)

_LAST_DAYS = text(
    "SELECT node_id, max(day) FROM kpi_days WHERE tenant_id = app_tenant() AND day >= :since GROUP BY node_id"
)


@dataclass(frozen=True, slots=True)
class Silent:
    """An account that can be heard but was not; `since` is the last day it was, None when longer ago than we look."""

    line: NodeLine
    since: date | None


def list_silent(account_id: UUID) -> list[Silent]:
    """The accounts at and below a node that the scope sees and that are silent, the longest silence first."""
    lines, today, scope = list_lines(), clock.today(current_scope().tenant.time_zone), current_scope()
    heard: dict[UUID, date] = {row[0]: row[1] for row in db.session.execute(_LAST_DAYS, {"since": today - LOOK_BACK})}
    below = Tree({node: line.parent_id for node, line in lines.items()}, lambda node: (lines[node].name, node)).subtree(
        account_id
    )
    silent = [_silent(lines[node], heard.get(node), today) for node in below if scope.sees(node)]
    return sorted((one for one in silent if one is not None), key=lambda one: (one.since or date.min, one.line.name))


def count_connected(nodes: Collection[NodeLine]) -> int:
    """How many of the nodes have a WeChat account."""
    return sum(line.is_connected for line in nodes)


def _silent(line: NodeLine, heard: date | None, today: date) -> Silent | None:
    if line.is_archived or line.counted_since is None:
        return None
    zone = current_scope().tenant.time_zone
    signs = [heard, line.last_callback_at and clock.day_of(line.last_callback_at, zone)]
    last = max((sign for sign in signs if sign is not None), default=None)
    begun = clock.day_of(line.counted_since, zone)
    return None if max(last or begun, begun) > today - SILENT_AFTER else Silent(line, last)
