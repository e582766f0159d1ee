"""What may be done with the library."""

from __future__ import annotations

from enum import StrEnum

from saas.auth.roles import Grants, Role


class LibraryPermission(StrEnum):
    """`resource:action`, alphabetical."""

    EDIT = "library:edit"
    VIEW = "library:view"


_ALL = {LibraryPermission.EDIT, LibraryPermission.VIEW}

GRANTS: Grants = {
    Role.AGENCY_ADMIN: _ALL,
    Role.AGENCY_STAFF: _ALL,
    Role.BRAND_HQ: _ALL,
    Role.REGION_MANAGER: _ALL,
    Role.STORE_MANAGER: _ALL,
    Role.INBOX_AGENT: {LibraryPermission.VIEW},
}
