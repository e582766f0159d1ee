"""Who may see conversations, and who works on them."""

from __future__ import annotations

from enum import StrEnum

from saas.auth.roles import Grants, Role


class InboxPermission(StrEnum):
    """`resource:action`, alphabetical."""

    INBOX_VIEW = "inbox:view"
    INBOX_WORK = "inbox:work"


_BOTH = {InboxPermission.INBOX_VIEW, InboxPermission.INBOX_WORK}

GRANTS: Grants = {
    Role.AGENCY_ADMIN: _BOTH,
    Role.AGENCY_STAFF: _BOTH,
    Role.BRAND_HQ: _BOTH,
    Role.REGION_MANAGER: _BOTH,
    Role.STORE_MANAGER: _BOTH,
    Role.INBOX_AGENT: _BOTH,
}
