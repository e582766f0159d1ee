"""Which nodes people see: the answers to the platform's port `AccountTree`."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import case, or_, select

from saas.db import db
from saas.errors import NotFound
from saas.tenancy.ports import NodeRecord
from saas.tenancy.scope import current_scope
from tenants.accounts.domain import Kind
from tenants.accounts.models import Account, Grant
from tenants.accounts.services.positions import nodes_below
from tenants.accounts.services.tree import access_account, seen


class SeenTree:
    """The tree as memberships see it; every call runs in the tenant's scope."""

    def granted(self, membership_id: UUID) -> frozenset[UUID]:
        """All nodes at or below the accounts granted to the membership."""
        return nodes_below(db.session.scalars(select(Grant.account_id).where(Grant.membership_id == membership_id)))

    def node(self, account_id: UUID) -> NodeRecord:
        """The node; raises NotFound when missing or outside the scope's subtree."""
        return _record(access_account(account_id))

    def top(self) -> NodeRecord:
        """The highest node that the scope sees; raises NotFound in an empty brand."""
        accounts = current_scope().accounts
        query = seen()
        if accounts is not None:
            query = query.where(or_(Account.parent_id.is_(None), Account.parent_id.not_in(accounts)))
        rank = case({Kind.CENTRAL: 0, Kind.REGION: 1}, value=Account.kind, else_=2)
        account = db.session.scalar(
            query.order_by(Account.archived_at.isnot(None), rank, Account.name, Account.id).limit(1)
        )
        if account is None:
            raise NotFound
        return _record(account)


def _record(account: Account) -> NodeRecord:
    return NodeRecord(id=account.id, name=account.name, kind=account.kind, parent_id=account.parent_id)
