"""Who may see fans and what they wrote, and who may hand out or erase it."""

from __future__ import annotations

from enum import StrEnum

from saas.auth.roles import Grants, Role


class FansPermission(StrEnum):
    """`resource:action`, alphabetical."""

    FANS_EDIT = "fans:edit"
    FANS_ERASE = "fans:erase"
    FANS_EXPORT = "fans:export"
    FANS_VIEW = "fans:view"
    MESSAGES_VIEW = "messages:view"


_ALL = set(FansPermission)

GRANTS: Grants = {
    Role.AGENCY_ADMIN: _ALL,
    Role.AGENCY_STAFF: _ALL,
    Role.BRAND_HQ: _ALL,
    Role.REGION_MANAGER: _ALL,
    Role.STORE_MANAGER: _ALL,
    Role.INBOX_AGENT: {FansPermission.FANS_VIEW, FansPermission.MESSAGES_VIEW},
}
