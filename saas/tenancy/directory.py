"""The one place that reads what must be known before a tenant is: who is a person, which brand, whose app_id."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from saas.db import db
from saas.errors import NotFound
from saas.tenancy.models import DirectoryEntry, Tenant
from saas.tenancy.scope import TenantRecord


def record_of(tenant: Tenant) -> TenantRecord:
    """The frozen form of a tenant's row."""
    return TenantRecord(
        id=tenant.id,
        agency_id=tenant.agency_id,
        name=tenant.name,
        time_zone=tenant.time_zone,
        accent=tenant.accent,
        erase_after_days=tenant.erase_after_days,
    )


def find_tenant(tenant_id: UUID) -> TenantRecord:
    """The tenant's record; raises NotFound."""
    tenant = db.session.get(Tenant, tenant_id)
    if tenant is None:
        raise NotFound
    return record_of(tenant)


def list_tenants(*, agency_id: UUID | None = None) -> Sequence[TenantRecord]:
    """All tenants, or those of one agency, by name."""
    query = select(Tenant).order_by(Tenant.name, Tenant.id)
    if agency_id is not None:
        query = query.where(Tenant.agency_id == agency_id)
    return [record_of(row) for row in db.session.scalars(query)]


def find_account(app_id: str) -> tuple[UUID, UUID] | None:
    """(tenant_id, account_id) of an app_id, or None when no brand here uses it."""
    row = db.session.get(DirectoryEntry, app_id)
    return None if row is None else (row.tenant_id, row.account_id)


def list_app_ids(most: int) -> Sequence[str]:
    """Up to so many app_ids in use, of all brands."""
    return db.session.scalars(select(DirectoryEntry.app_id).order_by(DirectoryEntry.app_id).limit(most)).all()


def claim_app_id(app_id: str, *, tenant_id: UUID, account_id: UUID) -> bool:
    """Registers an app_id for an account; False when another account of the deployment holds it."""
    claim = insert(DirectoryEntry).values(app_id=app_id, tenant_id=tenant_id, account_id=account_id)
    db.session.execute(claim.on_conflict_do_nothing(index_elements=["app_id"]))
    return find_account(app_id) == (tenant_id, account_id)


def release_app_id(app_id: str) -> None:
    """Forgets an app_id, so that it may be connected anew."""
    row = db.session.get(DirectoryEntry, app_id)
    if row is not None:
        db.session.delete(row)
