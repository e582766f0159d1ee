"""The seven roles, and what each may do: the union of what the capabilities grant it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from flask_babel import LazyString, lazy_gettext


class Role(StrEnum):
    """A person's role; the words shown stand in `ROLE_NAMES`."""

    PLATFORM_ADMIN = "platform_admin"
    AGENCY_ADMIN = "agency_admin"
    AGENCY_STAFF = "agency_staff"
    BRAND_HQ = "brand_hq"
    REGION_MANAGER = "region_manager"
    STORE_MANAGER = "store_manager"
    INBOX_AGENT = "inbox_agent"


WHOLE_TREE = frozenset({Role.AGENCY_ADMIN, Role.AGENCY_STAFF, Role.BRAND_HQ})
"""Roles that see every account of a brand; the others see what is granted to them."""

BRAND_ROLES = (Role.AGENCY_STAFF, Role.BRAND_HQ, Role.REGION_MANAGER, Role.STORE_MANAGER, Role.INBOX_AGENT)
"""Roles that are held in one brand."""

ROLE_NAMES: Mapping[Role, LazyString] = {
    Role.PLATFORM_ADMIN: lazy_gettext("Platform operator"),
    Role.AGENCY_ADMIN: lazy_gettext("Agency administrator"),
    Role.AGENCY_STAFF: lazy_gettext("Agency staff"),
    Role.BRAND_HQ: lazy_gettext("Headquarters"),
    Role.REGION_MANAGER: lazy_gettext("Regional manager"),
    Role.STORE_MANAGER: lazy_gettext("Store manager"),
    Role.INBOX_AGENT: lazy_gettext("Inbox agent"),
}

Grants = Mapping[Role, Iterable[str]]


def union(grants: Iterable[Grants]) -> dict[Role, frozenset[str]]:
    """What each role may do, over all capabilities."""
    combined: dict[Role, set[str]] = {role: set() for role in Role}
    for part in grants:
        for role, permissions in part.items():
            combined[role].update(permissions)
    return {role: frozenset(permissions) for role, permissions in combined.items()}
