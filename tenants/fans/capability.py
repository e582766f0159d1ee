"""The manifest of fans and messages."""

from __future__ import annotations

from saas.capability import Capability, PersonalData
from tenants.fans import api, demo, services
from tenants.fans.handlers import observe
from tenants.fans.jobs import JOBS, SCHEDULE
from tenants.fans.permissions import GRANTS, FansPermission
from tenants.fans.ports import HOOK, register_counters

CAPABILITY = Capability(
    name="fans",
    api=api.blueprint,
    permissions=FansPermission,
    grants=GRANTS,
    observe=observe,
    jobs=JOBS,
    schedule=SCHEDULE,
    demo=demo.fill,
    personal_data=PersonalData(export=services.export_own, erase=services.erase_own),
    accepts={HOOK: lambda _app, counters: register_counters(counters)},
)
