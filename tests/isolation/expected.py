"""What each role may do, written down by hand: the matrix compares the product with this table, not with itself."""

from __future__ import annotations

from saas.auth.roles import Role

EVERYBODY = {"self:edit", "self:view"}
READS = {
    "accounts:view", "channels:view", "fans:view", "home:view", "inbox:view", "inbox:work", "library:view",
    "messages:view", "rules:view", "stores:view", "tenants:view", "tokens:edit", "tokens:view",
}  # fmt: skip
STORE = READS | {"fans:edit", "fans:erase", "fans:export", "kpi:view", "library:edit", "rules:edit", "stores:edit"}
REGION = STORE | {"accounts:add", "channels:edit", "people:edit", "people:view"}
HEADQUARTERS = REGION | {
    "accounts:connect",
    "accounts:edit",
    "audit:view",
    "settings:edit",
    "settings:view",
    "tenants:edit",
}
GRANTS: dict[Role, set[str]] = {
    Role.PLATFORM_ADMIN: {"platform:view", "tenants:create", "tenants:view"},
    Role.AGENCY_ADMIN: HEADQUARTERS | {"overview:view", "tenants:create"},
    Role.AGENCY_STAFF: HEADQUARTERS - {"tenants:edit"} | {"overview:view"},
    Role.BRAND_HQ: HEADQUARTERS,
    Role.REGION_MANAGER: REGION,
    Role.STORE_MANAGER: STORE,
    Role.INBOX_AGENT: READS,
}
