"""Who may see and change the replies of an account."""

from __future__ import annotations

from enum import StrEnum

from saas.auth.roles import Grants, Role


class RulesPermission(StrEnum):
    """`resource:action`, alphabetical."""

    RULES_EDIT = "rules:edit"
    RULES_VIEW = "rules:view"


_BOTH = {RulesPermission.RULES_EDIT, RulesPermission.RULES_VIEW}

GRANTS: Grants = {
    Role.AGENCY_ADMIN: _BOTH,
    Role.AGENCY_STAFF: _BOTH,
    Role.BRAND_HQ: _BOTH,
    Role.REGION_MANAGER: _BOTH,
    Role.STORE_MANAGER: _BOTH,
    Role.INBOX_AGENT: {RulesPermission.RULES_VIEW},
}
