"""Logging in and out, sessions, passwords, invitations, tokens, the audit."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from saas import clock
from saas.auth import services
from saas.auth.roles import Role
from saas.db import db, new_id
from saas.security.limits import limiter
from saas.tenancy.models import Membership
from saas.tenancy.scope import TenantRecord, enter_directory
from tests.factories.people import browser_of, make_member

PASSWORD = "a long enough one"


@pytest.fixture(autouse=True)
def no_limits(app: Flask) -> None:
    limiter.reset()


@pytest.fixture
def login(app: Flask) -> str:
    name = f"p{new_id().hex}@example.test"
    with enter_directory():
        services.create_user(name, name="员工", password=PASSWORD)
        db.session.commit()
    return name


def log_in(app: Flask, login: str, password: str = PASSWORD) -> FlaskClient:
    client = app.test_client()
    assert client.post("/login", data={"login": login, "password": password}).status_code == 302
    return client


def test_logging_in_leads_where_one_wanted(app: Flask, login: str) -> None:
    client = app.test_client()
    answer = client.post("/login?next=/me/password", data={"login": f" {login.upper()} ", "password": PASSWORD})
    assert answer.location == "/me/password"
    assert client.get("/me/password").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "evil.test"]
)
def test_no_login_leads_to_a_stranger(app: Flask, login: str, target: str) -> None:
    answer = app.test_client().post(
        "/login", query_string={"next": target}, data={"login": login, "password": PASSWORD}
    )
    assert answer.location == "/"


@pytest.mark.parametrize("data", [{}, {"login": "x"}, {"login": "nobody@example.test", "password": "wrong password"}])
def test_a_wrong_login_says_one_sentence(client: FlaskClient, data: dict[str, str]) -> None:
    answer = client.post("/login", data=data)
    assert answer.status_code == 422


def test_the_twenty_first_try_waits(client: FlaskClient) -> None:
    tries = [client.post("/login", data={"login": "a@b.cn", "password": ""}).status_code for _ in range(21)]
    assert tries[-1] == 429


def test_logging_out_ends_the_session(app: Flask, login: str) -> None:
    client = log_in(app, login)
    with client.session_transaction() as session:
        token = session["_user_id"]
    client.post("/logout")
    assert client.get("/me/password").status_code == 302
    with client.session_transaction() as session:
        session["_user_id"] = token
    assert client.get("/me/password").status_code == 302


def test_logging_out_everywhere(app: Flask, login: str) -> None:
    here, there = log_in(app, login), log_in(app, login)
    assert here.post("/me/sessions/revoke-all").status_code == 302
    assert there.get("/me/password").status_code == 302


def test_one_session_can_be_ended_and_only_ones_own(app: Flask, login: str, tenant: TenantRecord) -> None:
    here, there = log_in(app, login), log_in(app, login)
    with enter_directory():
        user = services.find_user(login)
        assert user is not None
        sessions = services.list_sessions(user.id)
        there_id = sorted(sessions, key=lambda session: session.id)[-1].id
    assert (
        browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant)).post(f"/me/sessions/{there_id}/revoke").status_code
        == 404
    )
    assert here.post(f"/me/sessions/{there_id}/revoke").status_code == 302
    assert there.get("/me/password").status_code == 302
    assert here.get("/me/sessions").status_code == 200


def test_a_new_password_ends_the_other_sessions(app: Flask, login: str) -> None:
    here, there = log_in(app, login), log_in(app, login)
    wrong = here.post("/me/password", data={"old_password": "no", "password": "another long one"})
    short = here.post("/me/password", data={"old_password": PASSWORD, "password": "short"})
    assert (wrong.status_code, short.status_code) == (422, 422)
    assert here.post("/me/password", data={"old_password": PASSWORD, "password": "another long one"}).status_code == 302
    assert here.get("/me/password").status_code == 200
    assert there.get("/me/password").status_code == 302
    log_in(app, login, "another long one")


def test_a_session_idles_out(app: Flask, login: str) -> None:
    client = log_in(app, login)
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert client.get("/me/password").status_code == 302


def test_an_invitation_makes_a_member_once(app: Flask, tenant: TenantRecord) -> None:
    with enter_directory():
        membership = Membership(id=new_id(), tenant_id=tenant.id, role=Role.BRAND_HQ, invited_name="新人")
        db.session.add(membership)
        link = f"/invitations/{services.create_invitation(membership)}"
        db.session.commit()
    client = app.test_client()
    page = client.get(link)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "origin"), "its style sheets' log would name it"
    assert client.post(link, data={"login": "x", "name": "新人", "password": PASSWORD}).status_code == 422
    mobile = f"139{new_id().int % 10**8:08d}"
    assert client.post(link, data={"login": mobile, "name": "新人", "password": PASSWORD}).status_code == 302
    assert client.get("/me/password").status_code == 200
    assert client.get(link).status_code == 404
    log_in(app, f"{mobile[:3]} {mobile[3:]}")


def test_the_language_is_remembered(client: FlaskClient) -> None:
    assert 'lang="zh' in client.get("/login").text
    client.post("/me/language", data={"language": "en"})
    assert 'lang="en' in client.get("/login").text
    assert client.post("/me/language", data={"language": "tlh"}).status_code == 422


def test_csrf_is_asked_of_browsers(app: Flask, login: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post("/login", data={"login": login, "password": PASSWORD})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
