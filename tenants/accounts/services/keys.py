"""Sealing a connection's secrets, and the answers to the gateway's port `AccountDirectory`."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import joinedload

from saas.db import db
from saas.security.secrets import box_of
from saas.tenancy.directory import find_account, find_tenant
from saas.tenancy.scope import current_scope, enter, enter_directory, system_scope
from saas.wechat import versions
from saas.wechat.component.plug import access_component, present_component
from saas.wechat.ports import AccountKeys, Mode
from tenants.accounts.models import Connection


def seal(account_id: UUID, field: str, value: str) -> bytes:
    """The sealed form of a secret; it opens in its own row and column alone."""
    return box_of(current_scope().tenant.id).seal(value.encode(), _context(account_id, field))


def unseal(connection: Connection, field: str) -> str:
    """The secret in clear, or an empty string where there is none."""
    sealed: bytes | None = getattr(connection, field)
    if sealed is None:
        return ""
    return box_of(current_scope().tenant.id).open(sealed, _context(connection.id, field)).decode()


def keys_of(connection: Connection, *, version: int) -> AccountKeys:
    """What opens and seals the account's messages. `version` must have been read before the connection was.

    Raises ComponentNotSetUp for an account that authorised a component this deployment has no more.
    """
    if connection.is_authorised:
        return _keys_by_component(connection, version)
    return AccountKeys(
        tenant_id=connection.tenant_id,
        account_id=connection.id,
        app_id=connection.app_id or "",
        token=unseal(connection, "token"),
        encoding_aes_key=unseal(connection, "encoding_aes_key"),
        mode=Mode(connection.mode),
        original_id=connection.original_id,
        version=version,
    )


def _keys_by_component(connection: Connection, version: int) -> AccountKeys:
    component = access_component()
    return AccountKeys(
        tenant_id=connection.tenant_id,
        account_id=connection.id,
        app_id=connection.app_id or "",
        token=component.token,
        encoding_aes_key=component.aes_key,
        mode=Mode.SAFE,
        original_id=connection.original_id,
        sealed_for=component.app_id,
        version=version,
    )


class StoredAccounts:
    """Whose account an app_id is, read from the database each time."""

    def find(self, app_id: str) -> AccountKeys | None:
        """The account's keys as stored now, or None; an archived account takes no messages."""
        with enter_directory():
            place = find_account(app_id)
            tenant = find_tenant(place[0]) if place else None
        if place is None or tenant is None:
            return None
        with enter(system_scope(tenant)):
            return _find(place[1], app_id)


def _find(account_id: UUID, app_id: str) -> AccountKeys | None:
    # First: an edit committed in between is then noticed as newer, not hidden behind its own number.
    version = versions.current(account_id)
    key = (current_scope().tenant.id, account_id)
    connection = db.session.get(Connection, key, options=[joinedload(Connection.account)])
    if connection is None or connection.app_id != app_id or connection.account.archived_at is not None:
        return None
    if connection.is_authorised and present_component() is None:
        return None
    return keys_of(connection, version=version)


def _context(account_id: UUID, field: str) -> str:
    return f"connections|{account_id}|{field}"
