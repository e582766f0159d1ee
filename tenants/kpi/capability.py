"""The manifest of the figures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from saas.capability import Capability
from saas.web.menu import MenuItem
from tenants.fans.ports import HOOK
from tenants.kpi.api import blueprint as api
from tenants.kpi.cli import group
from tenants.kpi.demo import fill
from tenants.kpi.handlers import observe, observe_sent
from tenants.kpi.jobs import JOBS, SCHEDULE
from tenants.kpi.permissions import GRANTS, KpiPermission
from tenants.kpi.services.adjusting import AdjustedFollowers
from tenants.kpi.views import blueprint

CAPABILITY = Capability(
    name="kpi",
    blueprint=blueprint,
    api=api,
    permissions=KpiPermission,
    grants=GRANTS,
    menu=(
        MenuItem(
            endpoint="kpi.month",
            label=_l("Monthly figures"),
            icon="chart-bar",
            permission=KpiPermission.KPI_VIEW,
            order=80,
        ),
    ),
    observe=observe,
    observe_sent=observe_sent,
    jobs=JOBS,
    schedule=SCHEDULE,
    commands=(group,),
    demo=fill,
    offers={HOOK: (AdjustedFollowers(),)},
)
