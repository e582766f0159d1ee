"""Where nodes hang, now and on a day gone by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from saas import clock
from saas.db import db
from saas.tenancy.scope import current_scope
from tenants.accounts.domain import all_below, first_day
from tenants.accounts.models import Account, NodePosition


def subtree_ids(account_id: UUID, *, on: date | None = None) -> frozenset[UUID]:
    """The node and all below it, as the tree is now or was on a day; empty when it wasn't there."""
    if on is None:
        return nodes_below([account_id])
    return all_below(account_id, positions_on(on))


def positions_on(day: date) -> Mapping[UUID, UUID | None]:
    """The parent of every node that stood in the tree on a day; None for the central one."""
    query = select(NodePosition.node_id, NodePosition.parent_id).where(
        NodePosition.valid_from <= day, or_(NodePosition.valid_to.is_(None), NodePosition.valid_to > day)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def nodes_below(tops: Iterable[UUID]) -> frozenset[UUID]:
    """All nodes at or below the given ones, as the tree is now."""
    tree = select(Account.id).where(Account.id.in_(list(tops))).cte("below", recursive=True)
    # UNION, not UNION ALL: even a cycle that got in by hand would end.
    tree = tree.union(select(Account.id).join(tree, Account.parent_id == tree.c.id))
    return frozenset(db.session.scalars(select(tree.c.id)))


def place_first(account: Account, *, since: date | None = None) -> None:
    """Writes where a new node hangs; `since` is for nodes that are older than their row."""
    day = since or first_day(_today())
    db.session.add(NodePosition(node_id=account.id, parent_id=account.parent_id, valid_from=day))


def place_anew(account: Account) -> None:
    """Writes where a moved node hangs from today on; the days before keep their tree."""
    query = select(NodePosition).where(NodePosition.node_id == account.id, NodePosition.valid_to.is_(None))
    last, day = db.session.scalars(query).one(), _today()
    if last.valid_from >= day:
        last.parent_id = account.parent_id
        return
    last.valid_to = day
    db.session.add(NodePosition(node_id=account.id, parent_id=account.parent_id, valid_from=day))


def _today() -> date:
    return clock.today(current_scope().tenant.time_zone)
