"""Access tokens: one fetch among many, kept sealed in a real PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from saas.wechat.errors import WeChatError
from saas.wechat.tokens import Issued, TokenStore


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
