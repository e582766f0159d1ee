"""accounts/<id>/authorisation: the link by which an account is connected by a scan, and what a scan has given."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from saas.auth.entry import requires
from saas.web.addresses import public_address
from tenants.accounts import services
from tenants.accounts.api.blueprint import blueprint
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import AuthorisationSchema


@blueprint.get("/accounts/<uuid:account_id>/authorisation")
@requires(AccountsPermission.ACCOUNTS_CONNECT)
@blueprint.response(200, AuthorisationSchema)
def get_authorisation(account_id: UUID) -> dict[str, Any]:
    """A link for whoever administers the account at WeChat: no log-in, for seven days or until it is connected."""
    account = services.access_with_connection(account_id)
    link = services.invite_to_scan(account)
    given = account.connection
    return {
        "url": public_address("accounts.scan_invitation", token=link.token),
        "expires_at": link.expires_at,
        "authorised_at": given.authorised_at if given else None,
        "unauthorised_at": given.unauthorised_at if given else None,
        "permission_sets": given.permission_sets if given else [],
    }
