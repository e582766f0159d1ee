"""The token of an account that authorised us: renewed once by one of many, with the refresh token given last."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from saas.db import db
from saas.wechat.component.tokens import AuthorizerTokenStore
from saas.wechat.errors import WeChatError
from saas.wechat.tokens import Issued

Make = Callable[..., AuthorizerTokenStore]


class WeChat:
    """Gives numbered tokens and refresh tokens, and takes the last refresh token alone."""

    def __init__(self) -> None:
        self.good, self.calls, self.lock = "refresh-0", 0, threading.Lock()

    def __call__(self, refresh_token: str) -> Issued:
        with self.lock:
            if refresh_token != self.good:
                raise WeChatError(61023)
            self.calls += 1
            self.good = f"refresh-{self.calls}"
            return Issued(f"token-{self.calls}", 7200, self.good)


def never(**_: Any) -> Issued:
    raise AssertionError("there is no secret to ask with")


def grant(store: AuthorizerTokenStore, *, seconds: int = 7200, renewal: str = "refresh-0") -> None:
    with store.locked() as keep:
        keep(store.app_id, Issued("token-0", seconds, renewal))


def end_token(store: AuthorizerTokenStore) -> None:
    with store._transaction() as connection:
        connection.execute(text("UPDATE wechat_tokens SET expires_at = clock_timestamp()"))


def test_what_was_granted_is_used_first(granted: Make) -> None:
    wechat = WeChat()
    store = granted(wechat)
    grant(store)
    assert store.current(never) == "token-0"
    assert store.is_granted()
    assert wechat.calls == 0


def test_one_of_many_renews_and_each_time_with_the_last(granted: Make) -> None:
    wechat = WeChat()
    store = granted(wechat)
    grant(store)
    for number in range(1, 4):
        end_token(store)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: store.current(never), range(12)))
        assert (set(found), wechat.calls) == ({f"token-{number}"}, number)


def test_after_a_refusal_one_renews(granted: Make) -> None:
    wechat = WeChat()
    store = granted(wechat)
    grant(store)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: store.after_refusal("token-0", never), range(12)))
    assert (set(found), wechat.calls) == ({"token-1"}, 1)


def test_a_new_refresh_token_beside_the_same_token_is_kept(granted: Make) -> None:
    wechat = WeChat()
    grant(granted(wechat))
    same = granted(lambda renewal: replace(wechat(renewal), token="token-0"))
    assert same.after_refusal("token-0", never) == "token-0"
    assert granted(wechat).after_refusal("token-0", never) == "token-2"
    assert wechat.good == "refresh-2"


def test_a_failed_renewal_keeps_the_refresh_token(granted: Make) -> None:
    wechat = WeChat()
    grant(granted(wechat), seconds=0)
    end_token(granted(wechat))

    def fail(_refresh_token: str) -> Issued:
        raise WeChatError(-1)

    with pytest.raises(WeChatError):
        granted(fail).current(never)
    assert granted(wechat).current(never) == "token-1"


def test_without_a_grant_it_says_so_as_wechat_would(granted: Make) -> None:
    store = granted(WeChat())
    assert not store.is_granted()
    with pytest.raises(WeChatError) as refused:
        store.current(never)
    assert refused.value.errcode == 61023


def test_a_grant_is_of_one_app_id(granted: Make) -> None:
    grant(granted(WeChat()))
    other = granted(WeChat(), app_id="wxanother0000001")
    assert not other.is_granted()
    with pytest.raises(WeChatError):
        other.current(never)


def test_a_second_scan_waits_for_the_first(granted: Make) -> None:
    store, order = granted(WeChat()), []

    def second() -> None:
        with store.locked() as keep:
            order.append("second")
            keep(store.app_id, Issued("token-b", 7200, "refresh-b"))

    with ThreadPoolExecutor(1) as pool:
        with store.locked() as keep:
            waiting = pool.submit(second)
            time.sleep(0.2)
            order.append("first")
            keep(store.app_id, Issued("token-a", 7200, "refresh-a"))
        waiting.result(timeout=10)
    assert order == ["first", "second"]
    assert store.current(never) == "token-b"


def test_both_are_sealed(granted: Make) -> None:
    grant(granted(WeChat()), renewal="CANARY-refresh")
    row = db.session.execute(text("SELECT sealed, renewal FROM wechat_tokens")).one()
    assert b"token-0" not in bytes(row.sealed)
    assert b"CANARY" not in bytes(row.renewal)
