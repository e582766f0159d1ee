"""The manifest of the account matrix."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.capability import Capability
from saas.web.menu import MenuItem
from tenants.accounts.api import blueprint as api
from tenants.accounts.demo import demo
from tenants.accounts.handlers import observe, observe_sent
from tenants.accounts.jobs import JOBS, SCHEDULE
from tenants.accounts.permissions import GRANTS, AccountsPermission
from tenants.accounts.services import NotedAuthorisations, SeenTree, StoredAccounts, client_of, list_todos
from tenants.accounts.views import blueprint

CAPABILITY = Capability(
    name="accounts",
    blueprint=blueprint,
    api=api,
    permissions=AccountsPermission,
    grants=GRANTS,
    menu=(
        MenuItem(
            endpoint="accounts.index",
            label=_l("Account matrix"),
            icon="sitemap",
            permission=AccountsPermission.ACCOUNTS_VIEW,
            order=80,
        ),
        MenuItem(
            endpoint="accounts.settings.people",
            label=_l("Settings"),
            icon="settings",
            permission=AccountsPermission.PEOPLE_VIEW,
            order=90,
        ),
    ),
    observe=observe,
    observe_sent=observe_sent,
    todo=list_todos,
    jobs=JOBS,
    schedule=SCHEDULE,
    demo=demo,
    account_tree=SeenTree(),
    account_directory=StoredAccounts(),
    authorisations=NotedAuthorisations(),
    account_clients=client_of,
)
