"""The manifest of the account matrix."""

from __future__ import annotations

from saas.capability import Capability
from tenants.accounts.api import blueprint as api
from tenants.accounts.demo import demo
from tenants.accounts.handlers import observe
from tenants.accounts.jobs import JOBS
from tenants.accounts.permissions import GRANTS, AccountsPermission
from tenants.accounts.services import SeenTree, StoredAccounts

CAPABILITY = Capability(
    name="accounts",
    api=api,
    permissions=AccountsPermission,
    grants=GRANTS,
    observe=observe,
    jobs=JOBS,
    demo=demo,
    account_tree=SeenTree(),
    account_directory=StoredAccounts(),
)
