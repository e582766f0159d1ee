"""An application whose business is a fake of one rule, so that the gateway is tested by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas.app import create_app
from saas.config import Config
from saas.db import db
from saas.tenancy.scope import TenantRecord
from saas.wechat.ports import AccountKeys, Mode
from tests.factories.callbacks import account_keys, posted
from tests.factories.people import make_tenant
from tests.fakes.gateway import Book, Business, capability

Post = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def book() -> Book:
    """The accounts of all tests."""
    return Book()


@pytest.fixture(scope="session")
def session_business() -> Business:
    """The fake behind the application."""
    return Business()


@pytest.fixture
def business(session_business: Business) -> Business:
    """The fake, with nothing seen and nothing watching yet."""
    session_business.seen.clear()
    session_business.observers.clear()
    session_business.loads = 0
    return session_business


@pytest.fixture(scope="session")
def whole_app(config: Config, book: Book, session_business: Business) -> Iterator[Flask]:
    """The platform with the fake as its only capability."""
    application = create_app(config, [capability(book, session_business)])
    yield application
    application.extensions["journal"].close()
    with application.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def connect(tenant: TenantRecord, book: Book, business: Business) -> Callable[..., AccountKeys]:
    """Makes an account that echoes texts, in the mode asked for."""

    def make(mode: Mode = Mode.PLAIN, *, owner: TenantRecord = tenant, **changes: Any) -> AccountKeys:
        keys = account_keys(owner.id, mode, **changes)
        book.accounts[keys.app_id] = keys
        business.words[keys.account_id] = "echo {}"
        return keys

    return make


@pytest.fixture
def post(client: FlaskClient) -> Post:
    """Posts a clear message to an account, in its mode."""

    def send(keys: AccountKeys, clear: str | bytes) -> TestResponse:
        body, query = posted(keys, clear)
        return client.post(f"/wechat/{keys.app_id}", data=body, query_string=query)

    return send


@pytest.fixture
def make_other_tenant(app: Flask) -> Callable[[], TenantRecord]:
    """Makes a brand of somebody else."""
    return make_tenant
