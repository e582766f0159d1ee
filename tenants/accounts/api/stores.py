"""stores: addresses where fans are served."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from saas.auth.entry import requires
from saas.db import db
from saas.web.api import expected_version, page_schema, with_etag
from saas.web.paging import Page
from tenants.accounts import services
from tenants.accounts.api.blueprint import blueprint
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import PlaceQuery, StoreChangeSchema, StoreSchema


@blueprint.get("/stores")
@requires(AccountsPermission.STORES_VIEW)
@blueprint.arguments(PlaceQuery, location="query")
@blueprint.response(200, page_schema(StoreSchema))
def list_stores(query: dict[str, Any]) -> Page[services.Store]:
    """The stores in sight, by name; `account_id` narrows to those at and below a node."""
    return services.page_stores(
        below=query["account_id"], search=query["q"], cursor=query["cursor"], limit=query["limit"]
    )


@blueprint.post("/stores")
@requires(AccountsPermission.STORES_EDIT)
@blueprint.arguments(StoreSchema)
@blueprint.response(201, StoreSchema)
def create_store(values: dict[str, Any]) -> Response:
    """Creates a store at a node (`account_id`)."""
    return _shown(services.create_store(values, account_id=values["account_id"]), 201)


@blueprint.get("/stores/<uuid:store_id>")
@requires(AccountsPermission.STORES_VIEW)
@blueprint.response(200, StoreSchema)
def get_store(store_id: UUID) -> Response:
    """One store."""
    return _shown(services.access_store(store_id))


@blueprint.patch("/stores/<uuid:store_id>")
@requires(AccountsPermission.STORES_EDIT)
@blueprint.arguments(StoreChangeSchema)
@blueprint.response(200, StoreSchema)
def update_store(values: dict[str, Any], store_id: UUID) -> Response:
    """Changes a store, or hangs it on another node."""
    store = services.access_store(store_id)
    return _shown(services.update_store(store, values, version=expected_version()))


@blueprint.delete("/stores/<uuid:store_id>")
@requires(AccountsPermission.STORES_EDIT)
@blueprint.response(204)
def delete_store(store_id: UUID) -> None:
    """Forgets a store."""
    services.delete_store(services.access_store(store_id), version=expected_version())


def _shown(store: services.Store, status: int = 200) -> Response:
    db.session.flush()  # the version is part of the answer
    return with_etag(StoreSchema().dump(store), store.version, status)
