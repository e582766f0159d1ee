"""The pages of the account matrix."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, TenantScope
from tests.factories.accounts import Tree, make_connected, make_store, make_tree
from tests.factories.people import browser_of, make_member


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    return make_tree()


@pytest.fixture
def hq(app: Flask, tenant: TenantRecord) -> FlaskClient:
    return browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant))


@pytest.fixture
def base(tenant: TenantRecord, tree: Tree) -> str:
    return f"/t/{tenant.id}/a/{tree.central}"


PAGES = (
    "accounts",
    "account",
    "accounts/new",
    "account/edit",
    "account/move",
    "account/connect",
    "account/check",
    "account/check/steps",
    "channels",
    "channels/new",
    "stores",
    "stores/new",
    "people",
    "people/new",
    "settings",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens(hq: FlaskClient, base: str, tree: Tree, page: str) -> None:
    make_connected(tree.central)
    make_store(tree.bund)
    response = hq.get(f"{base}/{page}")
    assert response.status_code == 200
