"""/api/v1/tenants: the brands of an agency."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from saas.auth import services
from saas.auth.entry import requires
from saas.auth.permissions import AuthPermission
from saas.auth.schemas import TenantChangeSchema, TenantSchema
from saas.db import db
from saas.tenancy.models import Tenant
from saas.tenancy.scope import current_scope
from saas.web.api import Blueprint, ListQuery, expected_version, page_schema, with_etag
from saas.web.paging import Page

blueprint = Blueprint("tenants_api", __name__, url_prefix="/api/v1/tenants", description="Brands")


@blueprint.get("")
@requires(AuthPermission.TENANTS_VIEW)
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, page_schema(TenantSchema))
def list_tenants(query: dict[str, Any]) -> Page[Tenant]:
    """The brands that the token may see, by name."""
    return services.page_visible_tenants(g.identity, cursor=query["cursor"], limit=query["limit"])


@blueprint.post("")
@requires(AuthPermission.TENANTS_CREATE)
@blueprint.arguments(TenantSchema)
@blueprint.response(201, TenantSchema)
def create_tenant(values: dict[str, Any]) -> Response:
    """Creates a brand in the caller's agency; a platform administrator names the agency."""
    tenant = services.create_tenant(g.identity, **values)
    db.session.flush()  # the version is set by the flush and is part of the answer
    return with_etag(TenantSchema().dump(tenant), tenant.version, 201)


@blueprint.get("/<uuid:tenant_id>")
@requires(AuthPermission.TENANTS_VIEW)
@blueprint.response(200, TenantSchema)
def get_tenant() -> Response:
    """One brand."""
    tenant = _present()
    return with_etag(TenantSchema().dump(tenant), tenant.version)


@blueprint.patch("/<uuid:tenant_id>")
@requires(AuthPermission.TENANTS_EDIT)
@blueprint.arguments(TenantChangeSchema)
@blueprint.response(200, TenantSchema)
def update_tenant(values: dict[str, Any]) -> Response:
    """Changes a brand's name, zone, colour or erasing delay."""
    tenant = services.update_tenant(_present(), version=expected_version(), **values)
    db.session.flush()  # the new version is part of the answer
    return with_etag(TenantSchema().dump(tenant), tenant.version)


def _present() -> Tenant:
    return db.session.get_one(Tenant, current_scope().tenant.id)
