"""The brand's own settings: the tenant's row in the directory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saas.auth.services import update_tenant
from saas.db import db
from saas.tenancy.models import Tenant
from saas.tenancy.scope import current_scope


def access_brand() -> Tenant:
    """The tenant of the present scope."""
    return db.session.get_one(Tenant, current_scope().tenant.id)


def change_brand(values: Mapping[str, Any], *, version: int | None = None) -> Tenant:
    """Changes name, time zone, accent or the erasing delay; raises StaleVersion and Invalid."""
    return update_tenant(access_brand(), version=version, **values)
