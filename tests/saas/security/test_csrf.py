"""No unsafe route of the pages acts without the token of its form, whoever calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from saas.auth.roles import Role
from saas.db import new_id
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import make_tree
from tests.factories.people import browser_of, make_member

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
WITHOUT = ("/api/", "/wechat/")
"""What no browser calls by itself: a bearer token or WeChat's signature says who it is."""


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def unsafe_addresses(app: Flask, known: dict[str, object]) -> list[tuple[str, str]]:
    adapter = app.url_map.bind("localhost")
    return [
        (method, adapter.build(rule.endpoint, {name: known.get(name, new_id()) for name in rule.arguments}, method))
        for rule in app.url_map.iter_rules()
        for method in sorted(UNSAFE & (rule.methods or set()))
        if not rule.rule.startswith(WITHOUT)
    ]


@pytest.mark.parametrize("role", [None, Role.BRAND_HQ])
@pytest.mark.parametrize("headers", [{}, {"X-CSRFToken": "made up"}, {"HX-Request": "true"}], ids=str)
def test_without_the_token_nothing_is_done(
    guarded: Flask, tenant: TenantRecord, role: Role | None, headers: dict[str, str]
) -> None:
    with enter(system_scope(tenant)):
        known = {"tenant_id": tenant.id, "account_id": make_tree().bund}
    browser = browser_of(guarded, make_member(role, tenant=tenant) if role else None)
    addresses = unsafe_addresses(guarded, known)
    answers = [(browser.open(url, method=method, headers=headers), method, url) for method, url in addresses]
    assert len(addresses) > 30
    assert [(method, url) for answer, method, url in answers if answer.status_code != 400] == []
    assert [url for answer, _method, url in answers if "Content-Security-Policy" not in answer.headers] == []
