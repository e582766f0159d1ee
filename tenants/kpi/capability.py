"""The manifest of the figures."""

from __future__ import annotations

from saas.capability import Capability
from tenants.fans.ports import HOOK
from tenants.kpi.api import blueprint as api
from tenants.kpi.cli import group
from tenants.kpi.handlers import observe
from tenants.kpi.jobs import JOBS, SCHEDULE
from tenants.kpi.permissions import GRANTS, KpiPermission
from tenants.kpi.services.adjusting import AdjustedFollowers

CAPABILITY = Capability(
    name="kpi",
    api=api,
    permissions=KpiPermission,
    grants=GRANTS,
    observe=observe,
    jobs=JOBS,
    schedule=SCHEDULE,
    commands=(group,),
    offers={HOOK: (AdjustedFollowers(),)},
)
