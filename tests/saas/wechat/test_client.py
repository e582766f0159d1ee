"""The calls outward, against the simulator on a real port, with tokens in a real PostgreSQL."""

from __future__ import annotations

import io
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat.client import Credentials, WeChatClient
from saas.wechat.errcodes import Reaction
from saas.wechat.errors import WeChatError
from saas.wechat.http import API_HOST, Hosts, WeChatHttp
from saas.wechat.tokens import Issued


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


def test_templates_are_read_with_their_fields(client_out):
    (sample,) = client_out.get_templates()
    assert (sample.title, "{{thing1.DATA}}" in sample.content, bool(sample.template_id)) == ("预约成功通知", True, True)


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


def test_a_call_with_parameters_is_repeated_with_the_new_token(client_out, tokens, fans):
    tokens.fetch_now(lambda **_: Issued("0" * 40, 7200))
    assert [openid for page in client_out.iter_followers() for openid in page] == fans


def test_what_is_sent_is_sent_with_a_new_token_too(client_out, tokens):
    tokens.fetch_now(lambda **_: Issued("0" * 40, 7200))
    assert client_out.send("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/user/get"})["quota"]["used"] == 0


def test_what_is_sent_is_not_repeated_for_a_busy_wechat(client_out, fault, monkeypatch):
    monkeypatch.setattr("saas.wechat.guard.time.sleep", _never)
    fault(errcodes={"/cgi-bin/message/custom/send": -1})
    with pytest.raises(WeChatError) as caught:
        client_out.send("/cgi-bin/message/custom/send", {})
    assert (caught.value.errcode, caught.value.in_flight) == (-1, True)


def test_a_wechat_too_busy_for_a_token_leaves_nothing_open(client_out, fault, monkeypatch):
    monkeypatch.setattr("saas.wechat.guard.time.sleep", lambda _: None)
    fault(errcodes={"/cgi-bin/stable_token": -1})
    with pytest.raises(WeChatError) as caught:
        client_out.send("/cgi-bin/message/custom/send", {})
    assert (caught.value.errcode, caught.value.in_flight) == (-1, False)


@pytest.mark.parametrize("said", [{}, {"message": "upstream"}, {"errcode": "none"}, {"errmsg": "ok"}])
def test_an_answer_without_an_error_code_leaves_it_open(client_out, monkeypatch, said):
    client_out.get_current_menu()
    monkeypatch.setattr(client_out._api, "_decode_result", lambda _: dict(said))
    with pytest.raises(WeChatError, match="unexpected answer") as caught:
        client_out.send("/cgi-bin/message/custom/send", {})
    assert (caught.value.errcode, caught.value.in_flight) == (None, True)


def test_an_answer_that_is_no_answer_leaves_it_open(client_out, monkeypatch):
    client_out.get_current_menu()
    monkeypatch.setattr(client_out._api, "_decode_result", lambda response: response)
    with pytest.raises(WeChatError) as caught:
        client_out.send("/cgi-bin/message/custom/send", {})
    assert (caught.value.errcode, caught.value.in_flight) == (None, True)


def test_a_page_of_errors_leaves_it_open(client_out):
    client_out.get_current_menu()
    with pytest.raises(WeChatError) as caught:
        client_out.send("/nothing-here", {})
    assert (caught.value.errcode, caught.value.in_flight) == (None, True)


@pytest.mark.parametrize("said", [b"{}", b"[]", b'{"access_token": "t"}'])
def test_an_answer_without_a_token_leaves_nothing_open(client_out, http, monkeypatch, said):
    answer = requests.Response()
    answer.status_code, answer._content = 200, said
    monkeypatch.setattr(http, "post", lambda *_, **__: answer)
    with pytest.raises(WeChatError, match="unexpected answer") as caught:
        client_out.send("/cgi-bin/message/custom/send", {})
    assert not caught.value.in_flight


def test_without_a_token_nothing_was_sent(credentials, tokens):
    hosts = Hosts("http://127.0.0.1:1", "http://127.0.0.1:1")
    with WeChatHttp(hosts) as http, pytest.raises(WeChatError) as caught:
        WeChatClient(credentials, hosts=hosts, http=http, tokens=tokens).send("/cgi-bin/a", {})
    assert not caught.value.in_flight


def test_a_token_that_did_not_come_in_time_leaves_nothing_open(client_out, fault, monkeypatch):
    monkeypatch.setattr("saas.wechat.client.READ_SECONDS", 0.2)
    fault(answer_delay=5)
    with pytest.raises(WeChatError) as caught:
        client_out.send("/cgi-bin/a", {})
    assert (caught.value.errmsg, caught.value.in_flight) == ("ReadTimeout", False)


def test_tokens_refused_for_ever_end_in_an_error(client_out, http, fault, monkeypatch):
    fault(refuse_token=True)
    calls = _count_fetches(http, monkeypatch)
    with pytest.raises(WeChatError) as caught:
        client_out.get_current_menu()
    assert caught.value.reaction is Reaction.TOKEN
    assert len(calls) <= 3


def test_a_busy_wechat_is_asked_again(client_out, fault, monkeypatch):
    pauses = []
    monkeypatch.setattr("saas.wechat.guard.time.sleep", pauses.append)
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


def _never(_):
    raise AssertionError("no pause, no second try")


def _count_fetches(http, monkeypatch):
    calls = []
    ask = http.post
    monkeypatch.setattr(http, "post", lambda *values, **named: calls.append(values) or ask(*values, **named))
    return calls
