"""Where a log-in leads on: to a page of ours, whatever the address asks for."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from saas.auth import services
from saas.db import db, new_id
from saas.security.limits import limiter
from saas.tenancy.scope import enter_directory

PASSWORD = "a long enough one"
ODD = [
    "/\t/evil.test", "/\n/evil.test", "\t//evil.test", " //evil.test", "///evil.test", "/\\\t/evil.test", "//[::1",
    "http:evil.test", "/%09/evil.test", "/%2f/evil.test", "/..//evil.test", "/\x00/evil.test", "/；//evil.test",
]  # fmt: skip


@pytest.fixture(scope="module")
def login(whole_app: Flask) -> str:
    name = f"p{new_id().hex}@example.test"
    with whole_app.app_context(), enter_directory():
        services.create_user(name, name="员工", password=PASSWORD)
        db.session.commit()
    return name


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
@pytest.mark.parametrize("target", ODD)
def test_nobody_is_led_astray(app: Flask, login: str, target: str, headers: dict[str, str]) -> None:
    limiter.reset()
    typed = {"login": login, "password": PASSWORD}
    answer = app.test_client().post("/login", query_string={"next": target}, data=typed, headers=headers)
    seen_by_browser = re.sub(r"[\t\r\n]", "", answer.location or answer.headers["HX-Redirect"])
    assert re.match(r"/($|[^/\\])", seen_by_browser)


def test_nothing_of_the_session_before_stays(app: Flask, login: str) -> None:
    limiter.reset()
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update(_user_id="planted", csrf_token="planted", other="planted")
    assert browser.post("/login", data={"login": login, "password": PASSWORD}).status_code == 302
    with browser.session_transaction() as session:
        assert "planted" not in session.values()


def test_ones_own_password_is_tried_twenty_times_a_minute(app: Flask, login: str) -> None:
    limiter.reset()
    browser = app.test_client()
    browser.post("/login", data={"login": login, "password": PASSWORD})
    tries = [browser.post("/me/password", data={"old_password": ""}).status_code for _ in range(21)]
    assert tries == [422] * 20 + [429]
