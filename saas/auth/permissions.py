"""What may be done with people, tokens, tenants and the audit."""

from __future__ import annotations

from enum import StrEnum

from saas.auth.roles import Grants, Role


class AuthPermission(StrEnum):
    """`resource:action`, alphabetical."""

    AUDIT_VIEW = "audit:view"
    OVERVIEW_VIEW = "overview:view"
    PLATFORM_VIEW = "platform:view"
    SELF_EDIT = "self:edit"
    SELF_VIEW = "self:view"
    TENANTS_CREATE = "tenants:create"
    TENANTS_EDIT = "tenants:edit"
    TENANTS_VIEW = "tenants:view"
    TOKENS_EDIT = "tokens:edit"
    TOKENS_VIEW = "tokens:view"


SELF = frozenset({AuthPermission.SELF_EDIT, AuthPermission.SELF_VIEW})
"""What everybody may who has logged in, also without a role."""
_TOKENS = {AuthPermission.TOKENS_EDIT, AuthPermission.TOKENS_VIEW}
_TENANT = {AuthPermission.TENANTS_EDIT, AuthPermission.TENANTS_VIEW}

GRANTS: Grants = {
    Role.PLATFORM_ADMIN: {AuthPermission.TENANTS_CREATE, AuthPermission.TENANTS_VIEW, AuthPermission.PLATFORM_VIEW},
    Role.AGENCY_ADMIN: _TOKENS
    | _TENANT
    | {AuthPermission.AUDIT_VIEW, AuthPermission.OVERVIEW_VIEW, AuthPermission.TENANTS_CREATE},
    Role.AGENCY_STAFF: _TOKENS | {AuthPermission.AUDIT_VIEW, AuthPermission.OVERVIEW_VIEW, AuthPermission.TENANTS_VIEW},
    Role.BRAND_HQ: _TOKENS | _TENANT | {AuthPermission.AUDIT_VIEW},
    Role.REGION_MANAGER: _TOKENS | {AuthPermission.TENANTS_VIEW},
    Role.STORE_MANAGER: _TOKENS | {AuthPermission.TENANTS_VIEW},
    Role.INBOX_AGENT: _TOKENS | {AuthPermission.TENANTS_VIEW},
}
