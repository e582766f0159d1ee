"""The Content-Security-Policy: on every page and every error page, for everybody."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import new_id
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import make_tree
from tests.factories.people import browser_of, make_member

ASKED = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'")


@pytest.mark.parametrize("role", [None, Role.BRAND_HQ, Role.INBOX_AGENT])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_no_page_is_without_its_policy(app: Flask, tenant: TenantRecord, role: Role | None, method: str) -> None:
    with enter(system_scope(tenant)):
        known = {
            "tenant_id": tenant.id,
            "account_id": make_tree().central,
            "kind": "svg",
            "form": "csv",
            "device": "phone",
        }
    browser = browser_of(app, make_member(role, tenant=tenant) if role else None)
    adapter = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    urls = [adapter.build(rule.endpoint, {n: known.get(n, new_id()) for n in rule.arguments}) for rule in rules]
    answers = [(url, browser.open(url, method=method)) for url in urls]
    pages = [(url, answer) for url, answer in answers if answer.mimetype == "text/html"]
    assert len(pages) > 20
    assert [url for url, answer in pages if not is_strict(answer.headers.get("Content-Security-Policy", ""))] == []
    assert [url for url, answer in answers if answer.headers.get("X-Content-Type-Options") != "nosniff"] == []
    assert [(url, answer.status_code) for url, answer in answers if answer.status_code >= 500] == []


def is_strict(policy: str) -> bool:
    return all(rule in policy for rule in ASKED) and "unsafe" not in policy


@pytest.mark.parametrize("path", ["/nothing", "/t/x", "/%00", "/invitations/%00", "/assets/0/x"])
def test_an_unknown_address_too(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert is_strict(answer.headers["Content-Security-Policy"])


def test_the_nonce_is_new_each_time(whole_app: Flask) -> None:
    client = whole_app.test_client()
    policies = [client.get("/login").headers["Content-Security-Policy"] for _ in range(2)]
    nonces = [re.findall(r"'nonce-([^']+)'", policy) for policy in policies]
    assert set(nonces[0]).isdisjoint(nonces[1])
    assert len(nonces[0][0]) >= 20
