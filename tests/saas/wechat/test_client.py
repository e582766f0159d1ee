"""The calls outward, against the simulator on a real port, with tokens in a real PostgreSQL."""

from __future__ import annotations

import io
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import text
from werkzeug.serving import make_server

from saas.db import db, new_id
from saas.security.secrets import box_of
from saas.simulator.app import create_app
from saas.simulator.settings import SimulatorSettings
from saas.tenancy.scope import enter, system_scope
from saas.wechat.client import Credentials, WeChatClient
from saas.wechat.errcodes import FAMILIES, MEANINGS, Reaction, meaning_of
from saas.wechat.errors import Redaction, WeChatError, redact
from saas.wechat.http import API_HOST, Hosts, WeChatHttp
from saas.wechat.tokens import Issued, TokenStore

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory):
    settings = SimulatorSettings(database=tmp_path_factory.mktemp("simulator") / "state.sqlite3", testing=True)
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def credentials(tenant, simulator):
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
    }
    assert requests.post(f"{simulator}/_sim/accounts", json=values, timeout=5).status_code == 200
    return Credentials(tenant_id=tenant.id, account_id=account_id, app_id=app_id, app_secret=SECRET)


@pytest.fixture
def http(simulator):
    with WeChatHttp(Hosts(simulator, simulator)) as session:
        yield session


@pytest.fixture
def tokens(scope, credentials):
    return TokenStore(
        engine=db.engine,
        box=box_of(credentials.tenant_id),
        tenant_id=credentials.tenant_id,
        account_id=credentials.account_id,
        app_id=credentials.app_id,
    )


@pytest.fixture
def client_out(simulator, credentials, http, tokens):
    return WeChatClient(credentials, hosts=Hosts(simulator, simulator), http=http, tokens=tokens)


@pytest.fixture
def fault(simulator, credentials):
    """Makes the simulator misbehave."""

    def set_faults(**faults):
        url = f"{simulator}/_sim/accounts/{credentials.app_id}/faults"
        assert requests.post(url, json=faults, timeout=5).status_code == 200

    return set_faults


@pytest.fixture
def fans(simulator, credentials):
    url = f"{simulator}/_sim/accounts/{credentials.app_id}/fans"
    body = {"fans": [{"subscribed": True} for _ in range(3)]}
    return requests.post(url, json=body, timeout=5).json()["openids"]


class Counted:
    """Issues numbered tokens and counts."""

    def __init__(self, seconds=7200):
        self.calls, self.anew, self.seconds = 0, 0, seconds

    def __call__(self, *, anew=False):
        self.calls += 1
        self.anew += anew
        return Issued(f"token-{self.calls}", self.seconds)


def test_the_self_test_fetches_a_token(client_out):
    assert 300 < client_out.fetch_token() <= 7200


def test_a_wrong_secret_says_so(client_out, credentials):
    client_out._credentials = Credentials(
        tenant_id=credentials.tenant_id,
        account_id=credentials.account_id,
        app_id=credentials.app_id,
        app_secret="wrong",
    )
    with pytest.raises(WeChatError) as caught:
        client_out.fetch_token()
    assert caught.value.errcode in (40001, 40125)
    assert "AppSecret" in str(caught.value.explanation)


def test_followers_are_read(client_out, fans):
    assert [openid for page in client_out.iter_followers() for openid in page] == fans
    found = client_out.batch_get_users(fans)
    assert [follower.openid for follower in found] == fans
    assert all(follower.is_subscribed and follower.subscribed_at for follower in found)


def test_an_account_without_followers_has_none(client_out):
    assert list(client_out.iter_followers()) == []


def test_a_code_is_made_and_shown(client_out, simulator):
    code = client_out.create_qrcode("shop-0042")
    shown = client_out.show_qrcode_url(code.ticket)
    assert shown.startswith(f"{simulator}/cgi-bin/showqrcode?ticket=")
    assert parse_qs(urlsplit(shown).query)["ticket"] == [code.ticket]
    with pytest.raises(ValueError, match="64"):
        client_out.create_qrcode("x" * 65)


def test_a_file_is_uploaded(client_out):
    picture = io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 100).getvalue()
    media = client_out.upload_media("image", "a.png", picture)
    assert media.media_id
    assert media.created_at > 0


def test_no_menu_is_an_empty_one(client_out):
    assert isinstance(client_out.get_current_menu(), dict)


def test_the_token_is_fetched_once_and_kept_sealed(client_out, tenant, http, monkeypatch):
    calls = _count_fetches(http, monkeypatch)
    for _ in range(3):
        client_out.get_current_menu()
    assert len(calls) == 1
    with enter(system_scope(tenant)):
        sealed = db.session.scalar(text("SELECT sealed FROM wechat_tokens"))
    assert client_out._used.encode() not in bytes(sealed)


def test_a_refused_token_is_replaced_once(client_out, http, tokens, monkeypatch):
    tokens.fetch_now(lambda **_: Issued("0" * 40, 7200))
    calls = _count_fetches(http, monkeypatch)
    assert isinstance(client_out.get_current_menu(), dict)
    assert len(calls) == 1


def test_tokens_refused_for_ever_end_in_an_error(client_out, http, fault, monkeypatch):
    fault(refuse_token=True)
    calls = _count_fetches(http, monkeypatch)
    with pytest.raises(WeChatError) as caught:
        client_out.get_current_menu()
    assert caught.value.reaction is Reaction.TOKEN
    assert len(calls) <= 3


def test_a_busy_wechat_is_asked_again(client_out, fault, monkeypatch):
    pauses = []
    monkeypatch.setattr("saas.wechat.client.time.sleep", pauses.append)
    fault(errcodes={"/cgi-bin/user/get": -1})
    with pytest.raises(WeChatError) as caught:
        list(client_out.iter_followers())
    assert (caught.value.errcode, caught.value.reaction, len(pauses)) == (-1, Reaction.RETRY, 2)


def test_an_unreachable_wechat_is_named_without_secrets(credentials, tokens):
    hosts = Hosts("http://127.0.0.1:1", "http://127.0.0.1:1")
    tokens.fetch_now(lambda **_: Issued("canary-token", 7200))
    with WeChatHttp(hosts) as http, pytest.raises(WeChatError) as caught:
        WeChatClient(credentials, hosts=hosts, http=http, tokens=tokens).get_current_menu()
    assert caught.value.errcode is None
    assert caught.value.__cause__ is None
    assert "canary-token" not in f"{caught.value} {caught.value.errmsg}"


def test_no_other_host_is_reached(http):
    with pytest.raises(requests.exceptions.InvalidSchema):
        http.get("https://example.test/")
    with pytest.raises(requests.exceptions.InvalidSchema):
        http.get(f"{API_HOST}.example.test/")


def test_one_of_many_processes_fetches(tokens):
    fetch = Counted()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: tokens.current(fetch), range(12)))
    assert (set(found), fetch.calls) == ({"token-1"}, 1)


def test_after_a_refusal_one_fetches_and_all_get_it(tokens):
    fetch = Counted()
    used = tokens.current(fetch)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: tokens.after_refusal(used, fetch), range(12)))
    assert (set(found), fetch.calls) == ({"token-2"}, 2)


def test_the_same_token_again_is_forced_anew(tokens):
    given = iter(["same", "same", "other"])
    asked = []

    def fetch(*, anew=False):
        asked.append(anew)
        return Issued(next(given), 7200)

    assert tokens.after_refusal(tokens.current(fetch), fetch) == "other"
    assert asked == [False, False, True]


def test_a_failed_fetch_leaves_the_next_free(tokens):
    def fail(*, anew=False):
        raise WeChatError(40125)

    with pytest.raises(WeChatError):
        tokens.current(fail)
    assert tokens.current(Counted()) == "token-1"


def test_an_ending_token_is_replaced(tokens):
    fetch = Counted(seconds=0)
    tokens.current(fetch)
    with tokens._transaction() as connection:
        connection.execute(text("UPDATE wechat_tokens SET expires_at = clock_timestamp()"))
    assert tokens.current(fetch) == "token-2"


def test_a_token_belongs_to_its_app_id(tokens):
    fetch = Counted()
    tokens.current(fetch)
    other = TokenStore(tokens.engine, tokens.box, tokens.tenant_id, tokens.account_id, "wxother")
    assert other.current(fetch) == "token-2"
    tokens.forget()
    assert tokens.current(fetch) == "token-3"


def test_errors_speak_the_readers_language(app):
    error = WeChatError(45047)
    assert str(error.explanation) == "可主动发送的客服消息已用完，需等粉丝再次互动。 (45047)"
    assert error.reaction is Reaction.WAIT
    assert str(WeChatError(123456).explanation).endswith("(123456)")


def test_codes_have_one_meaning():
    for codes, meaning in FAMILIES:
        for code in codes:
            assert meaning_of(code) == MEANINGS.get(code, meaning)
    assert meaning_of(None).reaction is Reaction.RETRY


@pytest.mark.parametrize(
    "words",
    [
        "GET /cgi-bin/user/get?access_token=CANARY&next_openid=",
        "/cgi-bin/token?appid=wx1&secret=CANARY",
        '{"access_token":"CANARY","expires_in":7200}',
        "component_access_token=CANARY",
    ],
)
def test_tokens_are_redacted(words):
    assert "CANARY" not in redact(words)
    record = logging.LogRecord("urllib3", logging.DEBUG, "", 0, "%s", (words,), None)
    assert Redaction().filter(record)
    assert "CANARY" not in record.getMessage()


def _count_fetches(http, monkeypatch):
    calls = []
    ask = http.post
    monkeypatch.setattr(http, "post", lambda *values, **named: calls.append(values) or ask(*values, **named))
    return calls
