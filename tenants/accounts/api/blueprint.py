"""The blueprint that the resources share."""

from __future__ import annotations

from saas.web.api import Blueprint

blueprint = Blueprint(
    "accounts_api",
    __name__,
    url_prefix="/api/v1/tenants/<uuid:tenant_id>",
    description="Accounts, channel codes, stores",
)
