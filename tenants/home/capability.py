"""The manifest of the landing pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.capability import Capability
from saas.web.menu import MenuItem
from tenants.home.cli import group
from tenants.home.permissions import GRANTS, HomePermission
from tenants.home.views import blueprint

CAPABILITY = Capability(
    name="home",
    blueprint=blueprint,
    permissions=HomePermission,
    grants=GRANTS,
    commands=(group,),
    menu=(
        MenuItem(endpoint="home.index", label=_l("Home"), icon="home", permission=HomePermission.HOME_VIEW, order=10),
    ),
)
