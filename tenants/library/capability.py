"""What the library brings to the platform."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.capability import Capability
from saas.web.menu import MenuItem
from tenants.library import api, views
from tenants.library.handlers import wechat_copy
from tenants.library.jobs import JOBS, SCHEDULE
from tenants.library.permissions import GRANTS, LibraryPermission

CAPABILITY = Capability(
    name="library",
    blueprint=views.blueprint,
    api=api.blueprint,
    permissions=LibraryPermission,
    grants=GRANTS,
    menu=(
        MenuItem(
            endpoint="library.index", label=_l("Library"), icon="photo", permission=LibraryPermission.VIEW, order=45
        ),
    ),
    jobs=JOBS,
    media_copies=wechat_copy,
    schedule=SCHEDULE,
)
