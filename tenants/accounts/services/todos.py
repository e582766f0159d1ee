"""What waits for a person in the account matrix."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from saas.capability import Todo
from saas.tenancy.scope import current_scope
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.services.connections import count_troubled


def list_todos() -> Iterator[Todo]:
    """Broken connections, for those who may mend them."""
    if AccountsPermission.ACCOUNTS_CONNECT in current_scope().permissions:
        yield Todo(
            label=_l("Accounts whose connection needs attention"),
            count=count_troubled(),
            endpoint="accounts.attention",
            icon="plug-connected-x",
        )
