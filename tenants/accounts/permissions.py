"""Who may see and change the tree, its connections, codes, stores, people and the brand's settings."""

from __future__ import annotations

from enum import StrEnum

from saas.auth.roles import Grants, Role


class AccountsPermission(StrEnum):
    """`resource:action`, alphabetical."""

    ACCOUNTS_ADD = "accounts:add"
    ACCOUNTS_CONNECT = "accounts:connect"
    ACCOUNTS_EDIT = "accounts:edit"
    ACCOUNTS_VIEW = "accounts:view"
    CHANNELS_EDIT = "channels:edit"
    CHANNELS_VIEW = "channels:view"
    PEOPLE_EDIT = "people:edit"
    PEOPLE_VIEW = "people:view"
    SETTINGS_EDIT = "settings:edit"
    SETTINGS_VIEW = "settings:view"
    STORES_EDIT = "stores:edit"
    STORES_VIEW = "stores:view"


_VIEW = {AccountsPermission.ACCOUNTS_VIEW, AccountsPermission.CHANNELS_VIEW, AccountsPermission.STORES_VIEW}
_ALL = set(AccountsPermission)

GRANTS: Grants = {
    Role.AGENCY_ADMIN: _ALL,
    Role.AGENCY_STAFF: _ALL,
    Role.BRAND_HQ: _ALL,
    # A regional manager adds stores, not regions: the service looks at the kind.
    Role.REGION_MANAGER: _VIEW
    | {
        AccountsPermission.ACCOUNTS_ADD,
        AccountsPermission.CHANNELS_EDIT,
        AccountsPermission.PEOPLE_EDIT,
        AccountsPermission.PEOPLE_VIEW,
        AccountsPermission.STORES_EDIT,
    },
    Role.STORE_MANAGER: _VIEW | {AccountsPermission.STORES_EDIT},
    Role.INBOX_AGENT: _VIEW,
}
