"""Addresses for elsewhere do not depend on the host that the present request came by."""

from __future__ import annotations

from flask import Flask

from saas.web.addresses import public_address


def test_the_public_address_is_the_configured_one(app: Flask) -> None:
    with app.test_request_context(base_url="http://10.0.0.7:9"):
        assert public_address("auth.invitation", token="t") == "http://localhost/invitations/t"
