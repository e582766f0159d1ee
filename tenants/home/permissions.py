"""Who has a home page in a brand: everybody with a role in it."""

from __future__ import annotations

from enum import StrEnum

from saas.auth.roles import BRAND_ROLES, Grants, Role


class HomePermission(StrEnum):
    """`resource:action`, alphabetical."""

    HOME_VIEW = "home:view"


GRANTS: Grants = {role: {HomePermission.HOME_VIEW} for role in (Role.AGENCY_ADMIN, *BRAND_ROLES)}
