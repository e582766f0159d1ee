"""Calls to WeChat in the name of an account."""

from __future__ import annotations

from uuid import UUID

from saas.tenancy.scope import current_scope
from saas.wechat.client import Credentials, WeChatClient
from saas.wechat.outward import client_for
from tenants.accounts.errors import AuthorisationWithdrawn
from tenants.accounts.services.connections import access_connection
from tenants.accounts.services.keys import unseal


def client_of(account_id: UUID) -> WeChatClient:
    """The client of a visible account; raises NotFound, NotConnected and AuthorisationWithdrawn."""
    connection = access_connection(account_id)
    if connection.is_withdrawn:
        raise AuthorisationWithdrawn
    return client_for(
        Credentials(
            tenant_id=current_scope().tenant.id,
            account_id=connection.id,
            app_id=connection.app_id or "",
            app_secret=unseal(connection, "app_secret"),
            is_authorised=connection.is_authorised,
        )
    )
