"""The manifest of fans and messages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.capability import Capability, PersonalData
from saas.web.menu import MenuItem
from tenants.fans import api, demo, services, views
from tenants.fans.handlers import observe
from tenants.fans.jobs import JOBS, SCHEDULE
from tenants.fans.permissions import GRANTS, FansPermission
from tenants.fans.ports import HOOK, register_counters

CAPABILITY = Capability(
    name="fans",
    blueprint=views.blueprint,
    api=api.blueprint,
    permissions=FansPermission,
    grants=GRANTS,
    menu=(
        MenuItem(endpoint="fans.index", label=_l("Fans"), icon="users", permission=FansPermission.FANS_VIEW, order=50),
    ),
    observe=observe,
    jobs=JOBS,
    schedule=SCHEDULE,
    demo=demo.fill,
    personal_data=PersonalData(export=services.export_own, erase=services.erase_own),
    accepts={HOOK: lambda _app, counters: register_counters(counters)},
)
