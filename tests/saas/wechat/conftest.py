"""An application whose business is a fake of one rule, so that the gateway is tested by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import requests
from flask import Flask
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from werkzeug.serving import make_server

from saas.app import create_app
from saas.config import Config
from saas.db import db, new_id
from saas.security.secrets import box_of
from saas.simulator.app import create_app as create_simulator
from saas.simulator.settings import SimulatorSettings
from saas.stack.bootstrap import Urls
from saas.stack.temporary import TemporaryStack
from saas.tenancy.scope import TenantRecord, TenantScope
from saas.web.i18n import compile_catalogues
from saas.wechat.client import Credentials, WeChatClient
from saas.wechat.consume import Consumer
from saas.wechat.http import Hosts, WeChatHttp
from saas.wechat.lanes import Lanes
from saas.wechat.ports import AccountKeys, Mode
from saas.wechat.tokens import TokenStore
from tests.factories.callbacks import account_keys, fields, posted, text_fields
from tests.factories.door import Door, Response, close_door
from tests.factories.people import make_tenant
from tests.fakes.gateway import Book, Business, capability

Post = Callable[..., Response]
SECRET = "0123456789abcdef0123456789abcdef"


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
    compile_catalogues()
    application = create_app(config, [capability(book, session_business)])
    yield application
    close_door(application)
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
def post(door: Door) -> Post:
    """Posts a clear message to an account, in its mode."""

    def send(keys: AccountKeys, clear: str | bytes) -> Response:
        body, query = posted(keys, clear)
        return door.post(f"/wechat/{keys.app_id}", data=body, query_string=query)

    return send


@pytest.fixture
def consumer(app: Flask, business: Business) -> Consumer:
    """A consumer whose lease is over at once; what other tests left open is done."""
    consumer = Consumer(Lanes(db.engines["platform"], lease_seconds=0.0), app.extensions["consumer"].observers)
    while consumer.run_once():
        pass
    business.seen.clear()
    return consumer


@pytest.fixture
def left_open_is_done(stack: TemporaryStack, urls: Urls) -> Iterator[None]:
    """Rows that nobody can read are not left to the consumers of other tests."""
    yield
    database = conninfo_to_dict(urls.app.replace("+psycopg", ""))["dbname"]
    with psycopg.connect(make_conninfo(stack.admin_url, dbname=str(database))) as admin:
        admin.execute("UPDATE journal SET state = 'done' WHERE state = 'open'")


@pytest.fixture
def send(connect: Callable[..., AccountKeys], post: Post) -> Callable[..., None]:
    """Posts texts to a fresh account."""
    keys = connect()

    def texts(*words: str) -> None:
        for word in words:
            assert post(keys, fields(keys, text_fields(word))).status_code == 200

    return texts


@pytest.fixture
def make_other_tenant(app: Flask) -> Callable[[], TenantRecord]:
    """Makes a brand of somebody else."""
    return make_tenant


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A WeChat on a port of its own."""
    settings = SimulatorSettings(database=tmp_path_factory.mktemp("simulator") / "state.sqlite3", testing=True)
    app = create_simulator(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def credentials(tenant: TenantRecord, simulator: str) -> Credentials:
    """An account that the simulator knows."""
    account_id = new_id()
    app_id = f"wx{account_id.hex[-16:]}"
    values = {
        "app_id": app_id,
        "original_id": f"gh_{account_id.hex[-12:]}",
        "name": "云岫咖啡",
        "app_secret": SECRET,
        "token": "token",
        "encoding_aes_key": "a" * 43,
        "mode": "plain",
        "service_type": "service",
        "verified": True,
        "direct": False,  # no server of ours hears its pushes
    }
    assert requests.post(f"{simulator}/_sim/accounts", json=values, timeout=5).status_code == 200
    return Credentials(tenant_id=tenant.id, account_id=account_id, app_id=app_id, app_secret=SECRET)


@pytest.fixture
def http(simulator: str) -> Iterator[WeChatHttp]:
    """A session to that WeChat."""
    with WeChatHttp(Hosts(simulator, simulator)) as session:
        yield session


@pytest.fixture
def tokens(scope: TenantScope, credentials: Credentials) -> TokenStore:
    """The account's stored token."""
    return TokenStore(
        engine=db.engine,
        box=box_of(credentials.tenant_id),
        tenant_id=credentials.tenant_id,
        account_id=credentials.account_id,
        app_id=credentials.app_id,
    )


@pytest.fixture
def client_out(simulator: str, credentials: Credentials, http: WeChatHttp, tokens: TokenStore) -> WeChatClient:
    """Calls as that account."""
    return WeChatClient(credentials, hosts=Hosts(simulator, simulator), http=http, tokens=tokens)


@pytest.fixture
def fault(simulator: str, credentials: Credentials) -> Callable[..., None]:
    """Makes the simulator misbehave."""

    def set_faults(**faults: Any) -> None:
        url = f"{simulator}/_sim/accounts/{credentials.app_id}/faults"
        assert requests.post(url, json=faults, timeout=5).status_code == 200

    return set_faults


@pytest.fixture
def fans(simulator: str, credentials: Credentials) -> list[str]:
    """Three followers of the account."""
    url = f"{simulator}/_sim/accounts/{credentials.app_id}/fans"
    body = {"fans": [{"subscribed": True} for _ in range(3)]}
    openids: list[str] = requests.post(url, json=body, timeout=5).json()["openids"]
    return openids
