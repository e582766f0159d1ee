"""Each capability has the same rooms, each room its tests, and each endpoint a permission."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from saas.auth.permissions import AuthPermission
from saas.auth.roles import Role, union
from saas.capability import Capability
from tenants.registry import CAPABILITIES
from tests.architecture.sources import ROOT

ROOMS = {
    "__init__", "capability", "domain", "models", "permissions", "errors", "ports", "services", "schemas", "jobs",
    "cli", "demo", "views", "api", "handlers",
}  # fmt: skip
WITH_TESTS = ("domain", "services", "views", "api", "handlers", "jobs")
PUBLIC = {
    "accounts.scan_back", "accounts.scan_finish", "accounts.scan_invitation", "accounts.scan_result", "accounts.scan_start",
    "auth.accept_invitation", "auth.invitation", "auth.log_in", "auth.log_out", "auth.login", "auth.set_language",
    "assets", "documents.openapi", "documents.read", "health.alive", "health.metrics", "health.ready",
    "home.front",
}  # fmt: skip

capabilities = pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda one: one.name)


@capabilities
def test_rooms_are_the_known_ones(capability: Capability) -> None:
    assert {path.stem for path in rooms(capability)} <= ROOMS


@capabilities
def test_rooms_have_their_tests(capability: Capability) -> None:
    tests = ROOT / "tests" / "tenants" / capability.name
    present = {path.stem for path in rooms(capability)} & set(WITH_TESTS)
    missing = [
        room for room in sorted(present) if not [*tests.glob(f"test_{room}*.py"), *tests.glob(f"{room}/test_*.py")]
    ]
    assert missing == []


@capabilities
def test_permissions_are_alphabetical_and_known(capability: Capability) -> None:
    names = [] if capability.permissions is None else [permission.value for permission in capability.permissions]
    assert names == sorted(names)
    assert {str(one) for granted in capability.grants.values() for one in granted} <= set(names)


def test_every_endpoint_names_its_permission_or_is_public(whole_app: Flask) -> None:
    known = {p.value for c in CAPABILITIES if c.permissions for p in c.permissions} | {p.value for p in AuthPermission}
    open_ones = {name for name, view in whole_app.view_functions.items() if not hasattr(view, "permission")}
    named = {str(view.permission) for view in whole_app.view_functions.values() if hasattr(view, "permission")}
    assert open_ones == PUBLIC
    assert named <= known


def test_the_platform_operator_sees_no_content() -> None:
    rights = union(capability.grants for capability in CAPABILITIES)
    assert rights[Role.PLATFORM_ADMIN] <= {"overview:view", "platform:view"}


def test_every_folder_is_in_the_registry() -> None:
    folders = {path.parent.name for path in (ROOT / "tenants").glob("*/__init__.py")}
    assert folders == {capability.name for capability in CAPABILITIES}


def rooms(capability: Capability) -> list[Path]:
    folder = ROOT / "tenants" / capability.name
    return [path for path in folder.iterdir() if path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__")]
