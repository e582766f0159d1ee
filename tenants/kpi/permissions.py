"""Who may read the figures: everybody but the inbox agents, each of the accounts they see."""

from __future__ import annotations

from enum import StrEnum

from saas.auth.roles import Grants, Role


class KpiPermission(StrEnum):
    """`resource:action`, alphabetical."""

    KPI_VIEW = "kpi:view"


_VIEW = {KpiPermission.KPI_VIEW}

GRANTS: Grants = {
    Role.AGENCY_ADMIN: _VIEW,
    Role.AGENCY_STAFF: _VIEW,
    Role.BRAND_HQ: _VIEW,
    Role.REGION_MANAGER: _VIEW,
    Role.STORE_MANAGER: _VIEW,
}
