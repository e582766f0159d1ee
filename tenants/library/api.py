"""/api/v1/tenants/{tenant_id}/media."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from saas.auth.entry import requires
from saas.web.api import Blueprint, ListQuery, page_schema
from saas.web.paging import Page
from tenants.library import services
from tenants.library.models import Media
from tenants.library.permissions import LibraryPermission
from tenants.library.schemas import MediaSchema

blueprint = Blueprint(
    "library_api", __name__, url_prefix="/api/v1/tenants/<uuid:tenant_id>/media", description="Library"
)


@blueprint.get("")
@requires(LibraryPermission.VIEW)
@blueprint.arguments(ListQuery, location="query")
@blueprint.response(200, page_schema(MediaSchema))
def list_media(query: dict[str, Any]) -> Page[Media]:
    """The brand's files, newest first."""
    return services.list_media(cursor=query["cursor"], limit=query["limit"])


@blueprint.get("/<uuid:media_id>")
@requires(LibraryPermission.VIEW)
@blueprint.response(200, MediaSchema)
def get_media(media_id: UUID) -> Media:
    """One file."""
    return services.access_media(media_id)
