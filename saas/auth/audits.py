"""Reading the audit of a brand."""

from __future__ import annotations

from sqlalchemy import or_, select

from saas.tenancy.models import AuditEntry
from saas.web.paging import Page, Sort, page_of

NEWEST_FIRST = Sort((AuditEntry.at, AuditEntry.id), key=lambda row: (row.at, row.id), descending=True)


def list_entries(search: str = "", *, cursor: str | None = None, limit: int = 50) -> Page[AuditEntry]:
    """The entries of the scope's tenant, newest first; `search` looks at person and action."""
    query = select(AuditEntry)
    if search:
        query = query.where(
            or_(
                AuditEntry.user_name.icontains(search, autoescape=True),
                AuditEntry.action.icontains(search, autoescape=True),
            )
        )
    return page_of(query, sort=NEWEST_FIRST, cursor=cursor, limit=limit)
