"""The verbs of the account matrix; other capabilities use these names."""

from __future__ import annotations

from saas.tenancy.scope import current_scope
from tenants.accounts.domain import Condition, Kind, Placed, Step, StepState, StorePoint, all_below, in_tree_order
from tenants.accounts.models import Account, Channel, Connection, Store
from tenants.accounts.services.brand import access_brand, change_brand
from tenants.accounts.services.calls import client_of
from tenants.accounts.services.changes import add_account, change_account
from tenants.accounts.services.channels import (
    access_channel,
    account_for_codes,
    channels_of,
    create_channel,
    delete_channel,
    find_channel,
    list_code_accounts,
    page_channels,
    places_of,
    plan_code,
    update_channel,
)
from tenants.accounts.services.checks import Health, callback_address, check_connection, health_of
from tenants.accounts.services.codes import make_code
from tenants.accounts.services.connections import (
    access_connection,
    connect_account,
    connected_ids,
    count_connected,
    count_troubled,
    disconnect_account,
    find_connection,
    record_callbacks,
    record_followers_synced,
    reload_account,
)
from tenants.accounts.services.keys import StoredAccounts, keys_of, unseal
from tenants.accounts.services.matrix import (
    Choice,
    Matrix,
    MatrixFilter,
    condition_of,
    list_parents,
    matrix,
    path_to,
    pick,
)
from tenants.accounts.services.people import (
    Person,
    access_person,
    change_person,
    fitting_role,
    invite_again,
    invite_person,
    page_people,
    remove_person,
    roles_to_give,
)
from tenants.accounts.services.positions import nodes_below, positions_on, subtree_ids
from tenants.accounts.services.seen import SeenTree
from tenants.accounts.services.stores import (
    access_store,
    count_stores,
    create_store,
    delete_store,
    list_store_points,
    list_stores_at,
    page_stores,
    update_store,
)
from tenants.accounts.services.todos import list_todos
from tenants.accounts.services.tree import (
    Draft,
    access_account,
    access_with_connection,
    archive_account,
    create_account,
    list_accounts,
    move_account,
    names_of,
    page_accounts,
    restore_account,
    seen,
    update_account,
)

__all__ = [
    "Account",
    "Channel",
    "Choice",
    "Condition",
    "Connection",
    "Draft",
    "Health",
    "Kind",
    "Matrix",
    "MatrixFilter",
    "Person",
    "Placed",
    "SeenTree",
    "Step",
    "StepState",
    "Store",
    "StorePoint",
    "StoredAccounts",
    "access_account",
    "access_brand",
    "access_channel",
    "access_connection",
    "access_person",
    "access_store",
    "access_with_connection",
    "account_for_codes",
    "add_account",
    "all_below",
    "archive_account",
    "callback_address",
    "change_account",
    "change_brand",
    "change_person",
    "channels_of",
    "check_connection",
    "client_of",
    "condition_of",
    "connect_account",
    "connected_ids",
    "count_connected",
    "count_stores",
    "count_troubled",
    "create_account",
    "create_channel",
    "create_store",
    "delete_channel",
    "delete_store",
    "disconnect_account",
    "find_channel",
    "find_connection",
    "fitting_role",
    "health_of",
    "in_tree_order",
    "invite_again",
    "invite_person",
    "keys_of",
    "list_accounts",
    "list_code_accounts",
    "list_parents",
    "list_store_points",
    "list_stores_at",
    "list_todos",
    "make_code",
    "matrix",
    "move_account",
    "names_of",
    "nodes_below",
    "page_accounts",
    "page_channels",
    "page_people",
    "page_stores",
    "path_to",
    "pick",
    "places_of",
    "plan_code",
    "positions_on",
    "record_callbacks",
    "record_followers_synced",
    "reload_account",
    "remove_person",
    "restore_account",
    "roles_to_give",
    "seen",
    "subtree_ids",
    "time_zone",
    "unseal",
    "update_account",
    "update_channel",
    "update_store",
]


def time_zone() -> str:
    """The zone by which the brand's days go."""
    return current_scope().tenant.time_zone
