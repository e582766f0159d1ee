"""The library's pages: list, add, show, delete; roles and other brands."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.library import services
from tests.factories.accounts import make_tree
from tests.factories.people import browser_of, make_member, make_tenant
from tests.tenants.library.test_domain import PNG


@pytest.fixture
def place(tenant: TenantRecord) -> str:
    with enter(system_scope(tenant)):
        return f"/t/{tenant.id}/a/{make_tree().central}/library"


@pytest.fixture
def browser(app: Flask, tenant: TenantRecord) -> FlaskClient:
    return browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant))


def add(browser: FlaskClient, place: str, content: bytes = PNG, **data: str) -> int:
    file = (io.BytesIO(content), "海报.png")
    return browser.post(place, data={"kind": "image", "file": file, **data}).status_code


def only_id(tenant: TenantRecord) -> UUID:
    with enter(system_scope(tenant)):
        return services.list_media().items[0].id


def test_the_empty_library_says_what_it_is_for(browser: FlaskClient, place: str) -> None:
    assert "这里还没有文件" in browser.get(place).text


def test_a_picture_is_added_shown_and_deleted(browser: FlaskClient, place: str, tenant: TenantRecord) -> None:
    assert add(browser, place) == 302
    assert "海报.png" in browser.get(place).text
    media_id = only_id(tenant)
    file = browser.get(f"{place}/{media_id}/file")
    assert file.data == PNG
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert browser.post(f"{place}/{media_id}/delete").status_code == 302
    assert browser.get(f"{place}/{media_id}/file").status_code == 404


@pytest.mark.parametrize("content", [b"", b"<script>alert(1)</script>"])
def test_what_is_no_picture_is_refused(browser: FlaskClient, place: str, content: bytes) -> None:
    assert add(browser, place, content) == 422


def test_an_agent_reads_only(app: Flask, tenant: TenantRecord, place: str) -> None:
    agent = make_member(Role.INBOX_AGENT, tenant=tenant)
    assert add(browser_of(app, agent), place) == 404  # no account is granted yet


def test_another_brand_finds_nothing(app: Flask, browser: FlaskClient, place: str, tenant: TenantRecord) -> None:
    add(browser, place)
    media_id = only_id(tenant)
    other = make_tenant()
    with enter(system_scope(other)):
        elsewhere = f"/t/{other.id}/a/{make_tree().central}/library"
        db.session.commit()
    stranger = browser_of(app, make_member(Role.BRAND_HQ, tenant=other))
    assert stranger.get(f"{elsewhere}/{media_id}/file").status_code == 404
    assert stranger.get(f"{place}/{media_id}/file").status_code == 404
