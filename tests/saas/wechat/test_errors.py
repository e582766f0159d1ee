"""Failures in words, without secrets."""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import replace

import pytest

from saas.wechat.client import WeChatClient
from saas.wechat.errcodes import FAMILIES, MEANINGS, Reaction, meaning_of
from saas.wechat.errors import Redaction, WeChatError, redact
from saas.wechat.http import Hosts, WeChatHttp
from saas.wechat.tokens import Issued
from tests.architecture.sources import ROOT


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
        "/cgi-bin/component/x?component_access_token=CANARY",
        '{"component_verify_ticket": "ticket@@@CANARY"}',
        '{"authorizer_refresh_token": "refreshtoken@@@CANARY"}',
        "Incremented Retry for (url='/cgi-bin/a?access_token=CANARY')",
    ],
)
def test_tokens_are_redacted(words):
    assert "CANARY" not in redact(words)
    record = logging.LogRecord("urllib3", logging.DEBUG, "", 0, "%s", (words,), None)
    assert Redaction().filter(record)
    assert "CANARY" not in record.getMessage()


def test_the_table_of_the_documents_is_the_programs():
    """docs/protocol.md, 9: every code with its reaction, and none that the program doesn't know."""
    words = {
        "retry": "retry",
        "token": "token",
        "give": "give_up",
        "tell": "tell",
        "wait": "wait",
        "repair": "repair",
        "done": "done",
    }
    text = (ROOT / "docs" / "protocol.md").read_text().partition("## 9.")[2].partition("\nOnly -1")[0]
    rows = re.findall(r"^\| (\w+)[^|]*\| ([-\d][^|]+)\|$", text, re.MULTILINE)
    told = {code: words[reaction] for reaction, codes in rows for code in codes_of(codes)}
    assert told == {code: meaning_of(code).reaction for code in told}
    assert set(MEANINGS) - set(told) == set()
    assert {code for codes, _ in FAMILIES for code in codes} - set(told) == set()
    assert {61003, 61007, 61009, 61010, 61023} <= set(told)


def codes_of(words):
    for part in re.findall(r"-?\d+(?:–\d+)?", words):
        first, _, last = part.partition("–")
        yield from range(int(first), int(last or first) + 1)


CANARY = "CANARY0123456789"


@pytest.fixture
def unanswered(credentials, tokens):
    """A client whose WeChat never answers, with a token that must stay secret."""
    tokens.fetch_now(lambda **_: Issued(CANARY, 7200))
    hosts = Hosts("http://127.0.0.1:1", "http://127.0.0.1:1")
    with WeChatHttp(hosts) as http:
        yield WeChatClient(credentials, hosts=hosts, http=http, tokens=tokens)


def chain(error):
    """The error with all that hangs on it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "call", [lambda c: c.get_current_menu(), lambda c: c.send("/cgi-bin/a", {}), lambda c: list(c.iter_followers())]
)
def test_no_error_carries_a_token_not_even_in_what_hangs_on_it(unanswered, call):
    with pytest.raises(WeChatError) as caught:
        call(unanswered)
    assert list(chain(caught.value)) == [caught.value]
    printed = (
        "".join(traceback.format_exception(caught.value, chain=True)) + repr(caught.value) + repr(vars(caught.value))
    )
    assert CANARY not in printed
    assert CANARY not in repr(unanswered._credentials)


@pytest.mark.parametrize("errcode", [-1, 40007, 45009, 48001])
def test_nor_does_wechats_own_no(client_out, tokens, fault, errcode, monkeypatch):
    monkeypatch.setattr("saas.wechat.guard.time.sleep", lambda _: None)
    fault(errcodes={"/cgi-bin/user/get": errcode})
    with pytest.raises(WeChatError) as caught:
        list(client_out.iter_followers())
    assert list(chain(caught.value)) == [caught.value]
    assert client_out._used not in "".join(traceback.format_exception(caught.value))


def test_a_wrong_secret_is_not_quoted(client_out, credentials):
    client_out._credentials = replace(credentials, app_secret=CANARY)
    with pytest.raises(WeChatError) as caught:
        client_out.fetch_token()
    assert list(chain(caught.value)) == [caught.value]
    assert CANARY not in "".join(traceback.format_exception(caught.value)) + repr(client_out._credentials)


def test_the_http_librarys_own_log_names_no_token(app, caplog, unanswered, client_out, tokens, tenant):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(WeChatError):
        unanswered.get_current_menu()
    tokens.fetch_now(lambda **_: Issued(CANARY * 3, 7200))
    list(client_out.iter_followers())
    assert [record for record in caplog.records if record.name.startswith("urllib3")]
    assert [record for record in caplog.records if CANARY in record.getMessage() and record.name != "werkzeug"] == []
