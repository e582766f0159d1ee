"""One number per account that says which rules an answer was decided with."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat.models import AccountVersion


def bump(account_ids: Iterable[UUID]) -> None:
    """Outdates every answer decided before; call it in the transaction of an edit that changes answers.

    The edit counts from the first message after its commit.
    """
    tenant_id = current_scope().tenant.id
    # Always in the same order: two edits of overlapping accounts must not wait for each other.
    rows = [{"tenant_id": tenant_id, "account_id": one, "version": 1} for one in sorted(set(account_ids))]
    if not rows:
        return
    upsert = insert(AccountVersion).values(rows)
    db.session.execute(
        upsert.on_conflict_do_update(
            index_elements=["tenant_id", "account_id"], set_={"version": AccountVersion.version + 1}
        )
    )


def current(account_id: UUID) -> int:
    """The account's number; 0 before its first edit."""
    query = select(AccountVersion.version).where(
        AccountVersion.tenant_id == current_scope().tenant.id, AccountVersion.account_id == account_id
    )
    return db.session.scalar(query) or 0
