"""The platform's own calls, against the simulator: the chain of credentials, and what each refusal says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import requests
from flask import Flask

from saas.db import db
from saas.security.secrets import deployment_ring
from saas.tenancy.scope import NO_TENANT
from saas.wechat.breaker import FAILURES, Breakers, Paused
from saas.wechat.component.api import ComponentApi, _authorizer
from saas.wechat.component.errors import TicketMissing
from saas.wechat.component.events import Ticket
from saas.wechat.component.plug import component_api, tickets
from saas.wechat.component.settings import Component
from saas.wechat.errors import WeChatError
from saas.wechat.guard import Guard
from saas.wechat.http import Hosts, WeChatHttp
from saas.wechat.tokens import Issued, TokenStore
from tests.factories.component import COMPONENT

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def component(request: pytest.FixtureRequest) -> Component:
    """A platform of this test's own."""
    return replace(COMPONENT, app_id=f"wxcomp{abs(hash(request.node.name)):016x}")


@pytest.fixture
def ticket(app: Flask, simulator: str, component: Component) -> str:
    """A ticket that Tencent has made, kept here."""
    platform = {
        "app_id": component.app_id, "app_secret": component.secret, "token": component.token,
        "encoding_aes_key": component.aes_key, "event_url": f"{NOWHERE}/", "message_url": f"{NOWHERE}/$APPID$",
    }  # fmt: skip
    requests.put(f"{simulator}/_sim/component", json=platform, timeout=9).raise_for_status()
    told = requests.post(f"{simulator}/_sim/component/ticket", json={"app_id": component.app_id}, timeout=60).json()
    tickets(component).keep(Ticket(told["ticket"], 1))
    return str(told["ticket"])


@pytest.fixture
def tokens_of_component(app: Flask, component: Component) -> TokenStore:
    return TokenStore(db.engine, deployment_ring(), NO_TENANT, component.id, component.app_id)


@pytest.fixture
def api(http: WeChatHttp, component: Component, tokens_of_component: TokenStore) -> ComponentApi:
    return ComponentApi(component, http=http, tokens=tokens_of_component, tickets=tickets(component))


def scan(simulator: str, component: Component, app_id: str) -> str:
    """An owner's confirmation; the code."""
    values = {"authorizer_appid": app_id, "app_id": component.app_id}
    answer = requests.post(f"{simulator}/_sim/component/authorize", json=values, timeout=9)
    return str(answer.json()["auth_code"])


def test_from_the_ticket_to_the_token_of_an_account(
    api: ComponentApi, ticket: str, simulator: str, component: Component, credentials: Any
) -> None:
    assert api.create_pre_auth_code().seconds > 0
    grant = api.query_auth(scan(simulator, component, credentials.app_id))
    assert grant.app_id == credentials.app_id
    renewed = api.renew(grant.app_id, grant.issued.renewal)
    assert renewed.token != grant.issued.token
    assert renewed.renewal
    told = api.read_authorizer(grant.app_id)
    assert (told.original_id, told.service_type, told.verified) == (
        f"gh_{credentials.account_id.hex[-12:]}",
        "service",
        True,
    )
    assert {1, 2, 3} <= set(told.permission_sets)


def test_without_a_ticket_it_says_so(api: ComponentApi) -> None:
    with pytest.raises((TicketMissing, WeChatError)):
        api.create_pre_auth_code()


def test_a_missing_ticket_is_asked_for(api: ComponentApi, ticket: str, component: Component, monkeypatch: Any) -> None:
    asked = []
    post = api._post
    monkeypatch.setattr(api, "_post", lambda name, *values: asked.append(name) or post(name, *values))
    monkeypatch.setattr(type(api._tickets), "current", missing)
    with pytest.raises(TicketMissing):
        api.create_pre_auth_code()
    assert asked == ["api_start_push_ticket"]


def missing(_self: object) -> str:
    raise TicketMissing


def test_a_refused_token_is_replaced_once(api: ComponentApi, ticket: str, tokens_of_component: TokenStore) -> None:
    tokens_of_component.fetch_now(lambda **_: Issued("0" * 40, 7200))
    assert api.create_pre_auth_code().code


@pytest.mark.parametrize(
    ("name", "times"), [("api_component_token", 3), ("api_authorizer_token", 3), ("api_query_auth", 1)]
)
def test_a_busy_wechat_is_asked_again_for_tokens_alone(
    api: ComponentApi, http: WeChatHttp, ticket: str, monkeypatch: pytest.MonkeyPatch, name: str, times: int
) -> None:
    asked, post = [], http.post

    def busy(address: str, **options: Any) -> requests.Response:
        asked.append(address.rpartition("/")[2])
        if asked[-1] != name:
            return post(address, **options)
        answer = requests.Response()
        answer.status_code, answer._content = 200, b'{"errcode": -1}'
        return answer

    monkeypatch.setattr("saas.wechat.guard.time.sleep", lambda _: None)
    monkeypatch.setattr(http, "post", busy)
    with pytest.raises(WeChatError) as caught:
        api.query_auth("code") if name == "api_query_auth" else api.renew("wxaccount", "renewal")
    assert (caught.value.errcode, caught.value.in_flight, asked.count(name)) == (-1, False, times)


@pytest.mark.parametrize("code", ["unknown-code", ""])
def test_a_code_that_is_none(api: ComponentApi, ticket: str, code: str) -> None:
    with pytest.raises(WeChatError) as refused:
        api.query_auth(code)
    assert refused.value.errcode in (61009, 61010)


def test_a_used_code_and_an_old_refresh_token(
    api: ComponentApi, ticket: str, simulator: str, component: Component, credentials: Any
) -> None:
    code = scan(simulator, component, credentials.app_id)
    api.query_auth(code)
    with pytest.raises(WeChatError) as used:
        api.query_auth(code)
    assert used.value.errcode == 61010
    with pytest.raises(WeChatError) as old:
        api.renew(credentials.app_id, "an old one")
    assert old.value.errcode == 61023
    assert old.value.explanation


def test_an_unreachable_wechat_is_named_without_secrets(
    component: Component, ticket: str, tokens_of_component: TokenStore
) -> None:
    tokens_of_component.fetch_now(lambda **_: Issued("canary-token", 7200))
    with WeChatHttp(Hosts(NOWHERE, NOWHERE)) as http, pytest.raises(WeChatError) as caught:
        ComponentApi(
            component, http=http, tokens=tokens_of_component, tickets=tickets(component)
        ).create_pre_auth_code()
    assert caught.value.errcode is None
    assert "canary" not in f"{caught.value} {caught.value.errmsg} {caught.value.__cause__}"


def test_a_platform_that_cannot_be_reached_is_left_alone_for_a_while(
    component: Component, ticket: str, tokens_of_component: TokenStore
) -> None:
    tokens_of_component.fetch_now(lambda **_: Issued("token", 7200))
    guard = Guard()
    with WeChatHttp(Hosts(NOWHERE, NOWHERE)) as http:
        api = ComponentApi(component, http=http, tokens=tokens_of_component, tickets=tickets(component), guard=guard)
        for _ in range(FAILURES):
            with pytest.raises(WeChatError, match="ConnectionError"):
                api.create_pre_auth_code()
        with pytest.raises(Paused):
            api.create_pre_auth_code()


def test_all_calls_of_the_platform_share_its_breaker(
    app: Flask, component: Component, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = Hosts(NOWHERE, NOWHERE)
    monkeypatch.setitem(app.extensions, "component", component)
    monkeypatch.setitem(app.extensions, "wechat_breakers", Breakers())
    with app.app_context(), WeChatHttp(hosts) as http:
        monkeypatch.setitem(app.extensions, "wechat_out", (hosts, http))
        tickets(component).keep(Ticket("ticket", 1))
        for _ in range(FAILURES):
            with pytest.raises(WeChatError, match="ConnectionError"):
                component_api().create_pre_auth_code()
        with pytest.raises(Paused):
            component_api().create_pre_auth_code()


def test_what_the_platform_refuses_does_not_pause_it(api: ComponentApi, ticket: str) -> None:
    for _ in range(FAILURES + 1):
        with pytest.raises(WeChatError) as caught:
            api.query_auth("none")
        assert not isinstance(caught.value, Paused)


def described(kind: int = 2, verified: int = 0, **more: Any) -> Any:
    info = {"service_type_info": {"id": kind}, "verify_type_info": {"id": verified}, "user_name": "gh_1", **more}
    return _authorizer("wx1", {"authorizer_info": info, "authorization_info": {"func_info": []}})


@pytest.mark.parametrize(
    ("kind", "name"), [(0, "subscription"), (1, "subscription"), (2, "service"), (10, "subscription")]
)
def test_kinds_of_account(kind: int, name: str) -> None:
    assert described(kind=kind).service_type == name


@pytest.mark.parametrize(("verified", "is_so"), [(-1, False), (0, True), (1, False), (3, True), (4, True)])
def test_kinds_of_verification(verified: int, is_so: bool) -> None:
    assert described(verified=verified).verified is is_so


def test_a_mini_program_is_told_apart() -> None:
    assert described(MiniProgramInfo={"network": {}}).is_mini_program
    assert not described().is_mini_program


@pytest.mark.parametrize("said", [b"{}", b"[]", b'"words"', b'{"component_access_token": "t", "expires_in": "soon"}'])
def test_an_answer_without_what_was_asked_for_is_an_error_of_wechats(
    api: ComponentApi, http: WeChatHttp, ticket: str, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    answer = requests.Response()
    answer.status_code, answer._content = 200, said
    monkeypatch.setattr(http, "post", lambda *_, **__: answer)
    with pytest.raises(WeChatError, match="unexpected answer") as caught:
        api.create_pre_auth_code()
    assert not caught.value.in_flight
