"""A node and its connection as one thing, as programs and the wizard send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from saas.errors import Forbidden, Invalid
from saas.tenancy.scope import current_scope
from tenants.accounts.domain import Kind
from tenants.accounts.models import SECRETS, Account
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.services.connections import (
    FIELDS,
    connect_account,
    disconnect_account,
    is_authorised,
    reload_account,
)
from tenants.accounts.services.tree import (
    Draft,
    archive_account,
    create_account,
    move_account,
    restore_account,
    update_account,
)


def add_account(values: Mapping[str, Any]) -> Account:
    """A new node, connected when an AppID comes along. Raises NotFound, Forbidden, Invalid and AppIdTaken."""
    draft = Draft(
        name=values["name"],
        kind=Kind(values["kind"]),
        legal_entity=values.get("legal_entity") or "",
        profile=values.get("profile") or {},
    )
    account = create_account(draft, parent_id=values.get("parent_id"))
    connection = _of_connection(values)
    if connection:
        _check_may_connect()
        connect_account(account, connection)
    return account


def change_account(account: Account, values: Mapping[str, Any], *, version: int | None = None) -> Account:
    """Changes what is named: words, place in the tree, use, connection. Raises StaleVersion and what these raise."""
    update_account(account, values, version=version)
    if values.get("parent_id") and values["parent_id"] != account.parent_id:
        move_account(account, parent_id=values["parent_id"])
    if "archived" in values and values["archived"] != (account.archived_at is not None):
        change = archive_account if values["archived"] else restore_account
        change(account)
    connection = _of_connection(values)
    if values.get("connection") == "none":
        _check_may_connect()
        disconnect_account(account)
    elif values.get("connection") == "component" and not is_authorised(account):
        raise Invalid({"connection": [_l("An account is connected so by scanning alone.")]})
    elif connection:
        _check_may_connect()
        connect_account(account, connection)
    return reload_account(account.id)


def _of_connection(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in (*FIELDS, *SECRETS) if values.get(name) not in (None, "")}


def _check_may_connect() -> None:
    if AccountsPermission.ACCOUNTS_CONNECT not in current_scope().permissions:
        raise Forbidden
