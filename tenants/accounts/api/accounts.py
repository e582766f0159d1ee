"""accounts: the nodes of the tree, each with its WeChat connection."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from saas.auth.entry import requires
from saas.web.api import expected_version, page_schema, with_etag
from saas.web.paging import Page
from saas.wechat.outward import callback_base
from tenants.accounts import services
from tenants.accounts.api.blueprint import blueprint
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import AccountChangeSchema, AccountQuery, AccountSchema


@blueprint.get("/accounts")
@requires(AccountsPermission.ACCOUNTS_VIEW)
@blueprint.arguments(AccountQuery, location="query")
@blueprint.response(200, page_schema(AccountSchema))
def list_accounts(query: dict[str, Any]) -> Page[services.Account]:
    """The accounts in sight, by name."""
    return services.page_accounts(query, cursor=query["cursor"], limit=query["limit"])


@blueprint.post("/accounts")
@requires(AccountsPermission.ACCOUNTS_ADD)
@blueprint.arguments(AccountSchema)
@blueprint.response(201, AccountSchema)
def create_account(values: dict[str, Any]) -> Response:
    """Creates a node below `parent_id` (the central one has none); with an AppID and its secrets it is connected at once."""
    return _shown(services.add_account(values), 201)


@blueprint.get("/accounts/<uuid:account_id>")
@requires(AccountsPermission.ACCOUNTS_VIEW)
@blueprint.response(200, AccountSchema)
def get_account(account_id: UUID) -> Response:
    """One account."""
    return _shown(services.access_with_connection(account_id))


@blueprint.patch("/accounts/<uuid:account_id>")
@requires(AccountsPermission.ACCOUNTS_EDIT)
@blueprint.arguments(AccountChangeSchema)
@blueprint.response(200, AccountSchema)
def update_account(values: dict[str, Any], account_id: UUID) -> Response:
    """Changes, moves, archives, connects (AppID and secrets) or disconnects (`"connection": "none"`) an account."""
    account = services.access_account(account_id)
    return _shown(services.change_account(account, values, version=expected_version()))


@blueprint.post("/accounts/<uuid:account_id>/check")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
@blueprint.response(200, AccountSchema)
def check_account(account_id: UUID) -> Response:
    """Tests the connection: callback reached, token fetched, a message answered; the findings stand in `health`."""
    services.check_connection(account_id, callback_base=callback_base())
    return _shown(services.reload_account(account_id))


def _shown(account: services.Account, status: int = 200) -> Response:
    return with_etag(AccountSchema().dump(account), account.version, status)
