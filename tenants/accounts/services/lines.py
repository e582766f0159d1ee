"""The whole tree in two light queries, for pages that show every node of a brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, func, select

from saas.db import db
from tenants.accounts.models import Account, Channel, Connection, NodePosition


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """A node without its content. `counted_since` is when it got a WeChat account or a channel code; None: neither."""

    id: UUID
    name: str
    kind: str
    parent_id: UUID | None
    is_archived: bool
    is_connected: bool
    last_callback_at: datetime | None
    counted_since: datetime | None


@dataclass(frozen=True, slots=True)
class NodeSpan:
    """Where a node hung from one day (included) to another (not included; None: until today)."""

    node_id: UUID
    parent_id: UUID | None
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Whether the node hung there on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def list_lines() -> Mapping[UUID, NodeLine]:
    """Every node of the brand, archived ones too, whatever the scope sees: callers show only what it sees."""
    connected = func.coalesce(Connection.connection, "none") != "none"
    since = case((connected, func.coalesce(Connection.connected_at, Account.created_at)))
    first_code = select(func.min(Channel.created_at)).where(Channel.node_id == Account.id).scalar_subquery()
    query = select(
        Account.id,
        Account.name,
        Account.kind,
        Account.parent_id,
        Account.archived_at.isnot(None).label("is_archived"),
        connected.label("is_connected"),
        Connection.last_callback_at,
        func.least(since, first_code).label("counted_since"),
    ).outerjoin(Connection, Connection.id == Account.id)
    return {row.id: NodeLine(**row._mapping) for row in db.session.execute(query)}


def list_spans() -> Sequence[NodeSpan]:
    """Where every node ever hung."""
    position = NodePosition
    query = select(position.node_id, position.parent_id, position.valid_from, position.valid_to)
    return [NodeSpan(*row) for row in db.session.execute(query)]
