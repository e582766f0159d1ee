"""The ground of every test: a real PostgreSQL and Redis, one migrated schema, a fresh tenant per test."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from playwright.sync_api import Browser
from psycopg import sql

from saas.app import create_app
from saas.config import Config
from saas.db import db
from saas.stack.bootstrap import Urls, bootstrap
from saas.stack.temporary import TemporaryStack, temporary_stack
from saas.tenancy.scope import TenantRecord, TenantScope, enter, system_scope
from saas.web.i18n import compile_catalogues
from tenants.registry import CAPABILITIES
from tests.chromium import launched
from tests.factories.door import Door, close_door, door_of
from tests.factories.people import make_tenant
from tests.scheduling import Scheduling

TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def stack() -> Iterator[TemporaryStack]:
    """PostgreSQL and Redis of this worker."""
    with temporary_stack() as running:
        yield running


def settings(stack: TemporaryStack, urls: Urls) -> Config:
    """The configuration of a test application."""
    return Config(
        database_url=urls.app,
        database_owner_url=urls.owner,
        database_platform_url=urls.platform,
        redis_url=stack.redis_url,
        data_dir=stack.folder,
        secret_key="test",
        master_key=base64.b64encode(b"k" * 32).decode(),
        public_url="http://localhost",
        testing=True,
    )


@pytest.fixture(scope="session")
def migrated(stack: TemporaryStack) -> Urls:
    """The template database, migrated once; nobody may stay connected to it."""
    urls = bootstrap(stack.admin_url, TEMPLATE, keys=stack.keys)
    with running(settings(stack, urls)) as application, application.app_context():
        upgrade()
    return urls


@pytest.fixture(scope="session")
def urls(stack: TemporaryStack, migrated: Urls) -> Urls:
    """This worker's own copy of the template."""
    return bootstrap(stack.admin_url, "tests", keys=stack.keys, template=TEMPLATE)


@pytest.fixture(scope="session")
def config(stack: TemporaryStack, urls: Urls) -> Config:
    """The settings of this worker's application."""
    return settings(stack, urls)


@contextmanager
def running(config: Config) -> Iterator[Flask]:
    """An application whose connections are closed at the end."""
    application = create_app(config, CAPABILITIES)
    yield application
    close_door(application)
    with application.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def whole_app(config: Config) -> Iterator[Flask]:
    """The application with every capability, made once."""
    compile_catalogues()
    with running(config) as application:
        yield application


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The application, in its context."""
    with whole_app.app_context():
        yield whole_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has logged in with."""
    return app.test_client()


@pytest.fixture
def door(app: Flask) -> Door:
    """Where WeChat posts."""
    return door_of(app)


@pytest.fixture
def tenant(app: Flask) -> TenantRecord:
    """A brand of its own for this test."""
    return make_tenant()


@pytest.fixture
def scope(tenant: TenantRecord) -> Iterator[TenantScope]:
    """The system's scope over the test's tenant."""
    with enter(system_scope(tenant)) as entered:
        yield entered


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this worker."""
    with launched() as browser:
        yield browser


@pytest.fixture
def fresh_database(stack: TemporaryStack) -> Iterator[Urls]:
    """An empty database of its own, dropped afterwards."""
    name = "fresh"
    yield bootstrap(stack.admin_url, name, keys=stack.keys)
    with psycopg.connect(stack.admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    """Deals out the tests to the workers."""
    return Scheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In CI a skipped test is a failure: what can't be had must be provided, not passed over."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("CI"):
        terminalreporter.write_line(f"CI: {len(skipped)} tests were skipped", red=True)
        terminalreporter._session.exitstatus = pytest.ExitCode.TESTS_FAILED
