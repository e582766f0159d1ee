"""The window for callbacks' time stamps: a deployment's choice, off unless set (docs/protocol.md, 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from saas import clock
from saas.app import create_app
from saas.config import Config
from saas.db import db
from saas.wechat.ports import Mode
from tests.factories import callbacks
from tests.factories.callbacks import fields, text_fields
from tests.factories.door import close_door
from tests.fakes.gateway import Book, Business, capability

WINDOW = 300


@pytest.fixture
def strict_app(config: Config, book: Book, business: Business) -> Iterator[Flask]:
    """The platform with a window, as the environment sets it."""
    given = Config.from_env({"CALLBACK_WINDOW_SECONDS": str(WINDOW)})
    settings = replace(config, callback_window_seconds=given.callback_window_seconds)
    application = create_app(settings, [capability(book, business)])
    yield application
    close_door(application)
    with application.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def app(strict_app: Flask) -> Iterator[Flask]:
    """The platform with the window, in its context."""
    with strict_app.app_context():
        yield strict_app


@pytest.fixture
def stamped(monkeypatch, connect, post):
    """Posts a text whose signed stamp is so many seconds old; the answer."""

    def send(age: int, mode: Mode = Mode.PLAIN):
        monkeypatch.setattr(callbacks, "STAMP", str(int(clock.now().timestamp()) - age))
        keys = connect(mode)
        return post(keys, fields(keys, text_fields("优惠")))

    return send


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.SAFE])
def test_an_older_push_is_refused_and_one_inside_the_window_taken(stamped, mode):
    refused, taken = stamped(WINDOW + 60, mode), stamped(WINDOW - 60, mode)
    assert (refused.status_code, refused.text) == (403, "")
    assert taken.status_code == 200
    assert taken.text


class TestWithoutTheSetting:
    """As it comes."""

    @pytest.fixture
    def app(self, whole_app: Flask) -> Iterator[Flask]:
        with whole_app.app_context():
            yield whole_app

    def test_any_age_is_taken(self, stamped):
        assert Config.from_env({}).callback_window_seconds == 0
        assert stamped(10 * 365 * 86_400).status_code == 200
