"""Access tokens: one fetch among many, kept sealed in a real PostgreSQL."""

from __future__ import annotations

import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
import requests
from sqlalchemy import text

from saas.db import db
from saas.wechat.client import WeChatClient
from saas.wechat.errors import WeChatError
from saas.wechat.http import Hosts, WeChatHttp
from saas.wechat.tokens import DAY_USED_UP, LIFE, YOUNG, Issued, TokenStore


class Counted:
    """Issues numbered tokens and counts."""

    def __init__(self, seconds=7200):
        self.calls, self.anew, self.seconds = 0, 0, seconds

    def __call__(self, *, anew=False):
        self.calls += 1
        self.anew += anew
        return Issued(f"token-{self.calls}", self.seconds)


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
        return Issued(next(given), 3600)

    assert tokens.after_refusal(tokens.current(fetch), fetch) == "other"
    assert asked == [False, False, True]


def test_what_is_young_is_not_forced_anew(tokens):
    """WeChat forces at most twenty a day; the one of a moment ago is likely one of them."""

    def fetch(*, anew=False):
        assert not anew
        return Issued("same", LIFE - YOUNG + 1)

    assert tokens.after_refusal(tokens.current(fetch), fetch) == "same"


@pytest.mark.parametrize(("errcode", "raised"), [(DAY_USED_UP, False), (-1, True)])
def test_without_another_today_the_token_is_kept(tokens, errcode, raised):
    def fetch(*, anew=False):
        if anew:
            raise WeChatError(errcode)
        return Issued("same", 3600)

    used = tokens.current(fetch)
    with pytest.raises(WeChatError) if raised else nullcontext():
        tokens.after_refusal(used, fetch)
    assert tokens.current(never) == "same"


def never(*, anew=False):
    raise AssertionError("it is stored")


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


def asked_for_tokens(simulator, credentials):
    """How often WeChat was asked for a token."""
    answer = requests.get(f"{simulator}/_sim/ledger/summary", params={"app_id": credentials.app_id}, timeout=5).json()
    return sum(answer["calls"].get("/cgi-bin/stable_token", {}).values())


def test_fifty_callers_with_a_refused_token_refresh_once(app, client_out, credentials, http, tokens, simulator):
    tokens.fetch_now(lambda **_: Issued("0" * 40, 7200))
    hosts = Hosts(simulator, simulator)

    def call(_):
        with app.app_context():
            return WeChatClient(credentials, hosts=hosts, http=http, tokens=tokens).get_current_menu()

    before = asked_for_tokens(simulator, credentials)
    with ThreadPoolExecutor(50) as pool:
        assert len(list(pool.map(call, range(50)))) == 50
    assert asked_for_tokens(simulator, credentials) - before == 1


def test_so_do_processes(app, client_out, credentials, tokens, simulator):
    tokens.fetch_now(lambda **_: Issued("0" * 40, 7200))
    before = asked_for_tokens(simulator, credentials)
    children = [_child(credentials, tokens, simulator) for _ in range(5)]
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 5
    assert asked_for_tokens(simulator, credentials) - before == 1


def _child(credentials, tokens, simulator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of other tests: the child starts its own
        child = os.fork()
    if child == 0:  # its own connections; ten calls of which each finds the token refused
        try:
            db.engine.dispose(close=False)
            hosts = Hosts(simulator, simulator)
            with WeChatHttp(hosts) as http, ThreadPoolExecutor(10) as pool:
                clients = [WeChatClient(credentials, hosts=hosts, http=http, tokens=tokens) for _ in range(10)]
                assert len(list(pool.map(lambda client: client.get_current_menu(), clients))) == 10
            os._exit(0)
        finally:
            os._exit(1)
    return child
