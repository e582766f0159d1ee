"""A redirect of a form that htmx sent leads the whole page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.saas.web.gallery import gallery_app


@pytest.fixture(scope="module")
def app() -> Flask:
    app = gallery_app()
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def path(app: Flask) -> str:
    return "/t/00000000-0000-0000-0000-000000000001/a/00000000-0000-0000-0000-00000000000a/save"


def test_htmx_is_led(browser: FlaskClient, path: str) -> None:
    answer = browser.post(path, data={"name": "新"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"], answer.data) == (204, "/", b"")


def test_a_plain_form_is_redirected(browser: FlaskClient, path: str) -> None:
    answer = browser.post(path, data={"name": "新"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_refusal_carries_its_fields(browser: FlaskClient, path: str) -> None:
    answer = browser.post(path, data={}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "data-error" in answer.text
    assert "<html" not in answer.text
