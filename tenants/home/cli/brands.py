"""The demo's brands: the tenant, its content by every capability's hook, and its description for the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from saas.auth.services import create_tenant
from saas.capability import Capability, Demo
from saas.db import db
from saas.tenancy.directory import record_of
from saas.tenancy.models import Tenant
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.accounts.demo import DemoBrand, connection_settings
from tenants.accounts.services import list_accounts
from tenants.home.cli.people import People
from tenants.home.services.homes import find_top

NO_CONNECTION = dict.fromkeys(("app_id", "original_id", "token", "encoding_aes_key", "mode", "app_secret"))


def ensure_brand(brand: DemoBrand, people: People) -> TenantRecord:
    """The brand's tenant with its people, in the directory's session; commits."""
    administrator = people.ensure_agency(brand.agency)
    agency_id = administrator.memberships[0].agency_id
    tenant = db.session.scalar(select(Tenant).where(Tenant.agency_id == agency_id, Tenant.name == brand.name))
    if tenant is None:
        tenant = create_tenant(administrator, name=brand.name, time_zone="Asia/Shanghai")
        tenant.accent = brand.accent
        db.session.flush()  # memberships refer to it
    people.note_administrator(brand.agency, administrator, tenant.id)
    people.ensure_members(brand.people, tenant.id)
    db.session.commit()
    return record_of(tenant)


def fill_brand(tenant: TenantRecord, demo: Demo, capabilities: Sequence[Capability]) -> None:
    """Lets every capability fill the brand, lowest floor first, in one transaction; a filled one stays as it is."""
    with enter(system_scope(tenant)):
        if find_top() is not None:
            return
        for capability in capabilities:
            if capability.demo is not None:
                capability.demo(demo)
                db.session.flush()  # the next one builds on it, partly with statements of its own
        db.session.commit()


def describe_brand(tenant: TenantRecord) -> dict[str, Any]:
    """The brand as the demo's file names it: every account with what opens and seals its messages."""
    with enter(system_scope(tenant)):
        accounts = [_described(account) for account in list_accounts()]
    return {"id": str(tenant.id), "name": tenant.name, "accounts": accounts}


def _described(account: Any) -> dict[str, str | None]:
    parent: UUID | None = account.parent_id
    place = {
        "id": str(account.id),
        "name": account.name,
        "kind": str(account.kind),
        "parent_id": parent and str(parent),
    }
    settings = connection_settings(account.connection) if account.is_connected else {}
    return {**place, **NO_CONNECTION, **settings}
