"""Secrets at rest: sealed for one place, under the tenant's key, wrapped by the master key."""

from __future__ import annotations

import base64

import pytest
from flask import Flask

from saas.security import secrets
from saas.security.secrets import Box, Unreadable, box_of
from saas.tenancy.scope import TenantScope


def test_a_value_opens_in_its_own_place_only(scope: TenantScope) -> None:
    box = box_of(scope.tenant.id)
    sealed = box.seal(b"secret", "connections|1|token")
    assert b"secret" not in sealed
    assert box.open(sealed, "connections|1|token") == b"secret"
    with pytest.raises(Unreadable):
        box.open(sealed, "connections|2|token")


def test_sealing_twice_differs() -> None:
    box = Box(b"k" * 32)
    assert box.seal(b"x", "a") != box.seal(b"x", "a")


def test_an_older_master_key_still_unwraps(app: Flask, scope: TenantScope) -> None:
    present = app.extensions["master_boxes"]
    sealed = box_of(scope.tenant.id).seal(b"x", "a")
    try:
        keys = [base64.b64encode(byte * 32).decode() for byte in (b"n", b"k")]
        secrets.init_app(app, ",".join(keys))
        assert box_of(scope.tenant.id).open(sealed, "a") == b"x"
        secrets.init_app(app, keys[0])
        with pytest.raises(Unreadable):
            box_of(scope.tenant.id)
    finally:
        app.extensions["master_boxes"] = present


@pytest.mark.parametrize("key", ["short", base64.b64encode(b"k" * 16).decode()])
def test_a_wrong_master_key_is_said_in_a_sentence(key: str) -> None:
    with pytest.raises(SystemExit, match="MASTER_KEY must be base64 of 32 bytes"):
        secrets.init_app(Flask("x"), key)
