"""A database of its own with two brands, so that each callback's rows can be counted and all of them consumed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import unquote
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from saas import clock
from saas.config import Config
from saas.stack.bootstrap import bootstrap
from saas.stack.temporary import TemporaryStack
from saas.tenancy.scope import enter, system_scope
from saas.web.i18n import compile_catalogues
from saas.wechat.component.api import Authorizer
from saas.wechat.ports import AccountKeys
from tenants.accounts.services import Kind
from tenants.accounts.services.connections import connect_authorised
from tests.conftest import TEMPLATE, running, settings
from tests.corpus import matching
from tests.corpus.cases import Accounts, Case, accounts
from tests.corpus.judging import Seen
from tests.corpus.ledger import Ledger
from tests.factories.accounts import make_account, make_connected, make_store
from tests.factories.component import SETTINGS
from tests.factories.door import Door, answered
from tests.factories.people import make_tenant
from tests.factories.rules import make_rule

HERE, WIRE, GRAMMAR = 1, 2, 3
"""The corpus is posted to other accounts by each of its tests: none finds another's rows."""
RULES = (
    ({"type": "keyword", "match": "contains", "value": "优惠"}, {"type": "text", "content": "优惠在这里 ]]> <a>"}),
    ({"type": "keyword", "match": "regex", "value": "(a+)+!"}, {"type": "text", "content": "找到了"}),
    ({"type": "keyword", "match": "prefix", "value": "="}, {"type": "hand_over"}),
    ({"type": "message_type", "value": "location"}, {"type": "nearest_store"}),
    ({"type": "message_type", "value": "voice"}, {"type": "hand_over"}),
    ({"type": "subscribe"}, {"type": "text", "content": "欢迎"}),
    ({"type": "scan"}, {"type": "text", "content": "又见面了"}),
    ({"type": "no_match"}, {"type": "text", "content": "没听懂"}),
)


@pytest.fixture(scope="session")
def config(stack: TemporaryStack, migrated: object) -> Config:
    """The corpus's own database and folder."""
    urls = bootstrap(stack.admin_url, "corpus", keys=stack.keys, template=TEMPLATE)
    return replace(settings(stack, urls), data_dir=stack.folder / "corpus", **SETTINGS)


@pytest.fixture(scope="session")
def whole_app(config: Config) -> Iterator[Flask]:
    """The whole application over it, with both brands and all the corpus's accounts."""
    compile_catalogues()
    with running(config) as application:
        with application.app_context():
            for number in (HERE, WIRE, GRAMMAR):
                _make_brands(accounts(number))
        yield application


@pytest.fixture(scope="session")
def ledger(stack: TemporaryStack, whole_app: Flask) -> Iterator[Ledger]:
    """Counts what the database holds, past every policy."""
    admin = psycopg.conninfo.make_conninfo(stack.admin_url, dbname="corpus")
    with psycopg.connect(admin, autocommit=True) as connection:
        yield Ledger(connection)


@pytest.fixture
def ask(door: Door) -> Callable[[Case], Seen]:
    """Sends a case to the application as a server would."""

    def send(case: Case) -> Seen:
        started = time.perf_counter()
        response = door.run(answered(door.callbacks, scope_of(case), case.pieces()))
        return Seen(response.status_code, response.data, time.perf_counter() - started)

    return send


def scope_of(case: Case) -> dict[str, object]:
    length = [] if case.chunks else [(b"content-length", str(len(case.body)).encode())]
    return {
        "type": "http",
        "method": case.method,
        "path": unquote(case.path.decode()),
        "raw_path": case.path,
        "query_string": case.query,
        "headers": [*length, *((name.lower().encode(), value.encode()) for name, value in case.headers)],
    }


def _make_brands(known: Accounts) -> None:
    with enter(system_scope(make_tenant())):
        centre = make_account().id
        _connect(centre, known.plain)
        for keys in (known.compatible, known.safe):
            _connect(make_account(Kind.STORE, parent_id=centre).id, keys)
        store = make_account(Kind.STORE, parent_id=centre)
        connect_authorised(store, _authorizer(known.authorised), moment=clock.now())
        _furnish(store.id)
    with enter(system_scope(make_tenant(name="别家"))):
        _connect(make_account().id, known.other)


def _connect(account_id: UUID, keys: AccountKeys) -> None:
    names = ("app_id", "original_id", "token", "encoding_aes_key", "mode")
    make_connected(account_id, **{name: str(getattr(keys, name)) for name in names})
    _furnish(account_id)


def _authorizer(keys: AccountKeys) -> Authorizer:
    return Authorizer(
        app_id=keys.app_id,
        original_id=keys.original_id,
        name="授权店",
        service_type="service",
        verified=True,
        is_mini_program=False,
        permission_sets=(1,),
    )


def _furnish(account_id: UUID) -> None:
    make_store(account_id, latitude=31.23, longitude=121.47)
    for number, (trigger, reply) in enumerate(RULES):
        make_rule(account_id, name=f"规则{number}", triggers=[trigger], replies=[reply])
    hostile = {"contains": matching.KEYWORDS, "regex": matching.PATTERNS}
    triggers = [{"type": "keyword", "match": match, "value": one} for match, some in hostile.items() for one in some]
    make_rule(account_id, name="处处都合", triggers=triggers, priority=-1)
