"""The ledger of calls, on a real PostgreSQL and against the simulator."""

from __future__ import annotations

import pytest
import requests
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat import quota
from saas.wechat.client import FORCED_PATH, TOKEN_PATH, WeChatClient
from saas.wechat.errors import WeChatError
from saas.wechat.guard import Guard
from saas.wechat.http import Hosts
from saas.wechat.quota.calls import CallLedger
from saas.wechat.quota.limits import CLEAR, CUSTOM, LIMITS
from saas.wechat.tokens import Issued

FOLLOWERS = "/cgi-bin/user/get"


@pytest.fixture
def ledger(scope, tenant, credentials):
    """The account's."""
    return CallLedger(db.engine, tenant.id, credentials.account_id)


@pytest.fixture
def counted(credentials, http, tokens, simulator, ledger):
    """A client whose calls are counted."""
    return WeChatClient(
        credentials, hosts=Hosts(simulator, simulator), http=http, tokens=tokens, guard=Guard(calls=ledger)
    )


@pytest.fixture
def of_account(tenant, credentials):
    """What is left to the account."""

    def read(**values):
        with enter(system_scope(tenant)):
            return quota.of_account(credentials.account_id, **values)

    return read


@pytest.fixture
def limit(simulator, credentials):
    """Has WeChat allow a path so often a day."""

    def to(path, calls):
        url = f"{simulator}/_sim/accounts/{credentials.app_id}/limits"
        assert requests.post(url, json={path: calls}, timeout=5).status_code == 200

    return to


def set_back(ledger, days):
    with ledger._transaction() as connection:
        connection.execute(text(f"UPDATE call_counts SET day = day - {days}"))


def test_calls_that_were_made_count(counted, of_account):
    for _ in range(3):
        list(counted.iter_followers())
    path = of_account().of(FOLLOWERS)
    assert (path.used, path.limit, path.left, path.is_over) == (3, 500, 497, False)
    assert of_account().of("/cgi-bin/stable_token").used == 1
    assert of_account().of(CUSTOM).left == 500_000


def test_wechats_no_ends_the_day_and_is_not_asked_for_twice(counted, of_account, limit, fault):
    limit(FOLLOWERS, 1)
    list(counted.iter_followers())
    for _ in range(2):
        with pytest.raises(WeChatError) as caught:
            list(counted.iter_followers())
        assert caught.value.errcode == 45009
    assert of_account().of(FOLLOWERS).is_over
    limit(FOLLOWERS, 100)
    with pytest.raises(WeChatError):  # WeChat would take it: it isn't asked before the next day
        list(counted.iter_followers())
    assert of_account().of(FOLLOWERS).used == 2


def test_forced_tokens_that_are_over_leave_the_ordinary_ones(counted, of_account, http, tokens, monkeypatch):
    """Twenty a day: the account still calls, and gets its next token by itself."""
    stuck, post = Issued("0" * 40, 3600), http.post

    def ask(address, **options):
        answer = requests.Response()
        forced = options["json"]["force_refresh"] if address.endswith("stable_token") else None
        words = {True: b'{"errcode": 45009}', False: b'{"access_token": "%s", "expires_in": 3600}' % (b"0" * 40)}
        answer.status_code, answer._content = 200, words.get(forced)
        return post(address, **options) if forced is None else answer

    tokens.fetch_now(lambda **_: stuck)
    with monkeypatch.context() as patch:
        patch.setattr(http, "post", ask)
        for _ in range(2):
            with pytest.raises(WeChatError) as caught:
                list(counted.iter_followers())
            assert caught.value.errcode in (40001, 40014)
    assert (of_account().of(FORCED_PATH).used, of_account().of(FORCED_PATH).is_over) == (1, True)
    assert not of_account().of(TOKEN_PATH).is_over
    list(counted.iter_followers())


def test_the_next_day_of_beijing_counts_anew(counted, of_account, ledger):
    ledger.count(FOLLOWERS)
    ledger.end(FOLLOWERS)
    set_back(ledger, 1)
    list(counted.iter_followers())
    assert of_account().of(FOLLOWERS).used == 1


def test_a_person_may_have_the_day_forgotten(counted, of_account, limit, simulator):
    limit(FOLLOWERS, 1)
    list(counted.iter_followers())
    with pytest.raises(WeChatError):
        list(counted.iter_followers())
    counted.clear_quota()
    list(counted.iter_followers())
    assert (of_account().of(FOLLOWERS).used, of_account().clears_left) == (1, 9)


def test_after_ten_times_a_month_it_is_not_asked_again(counted, of_account, ledger):
    for _ in range(10):
        counted.clear_quota()
    assert of_account().clears_left == 0
    for _ in range(2):
        with pytest.raises(WeChatError) as caught:
            counted.clear_quota()
        assert caught.value.errcode == 48006
    assert of_account().clears_left == 0


def test_a_month_that_is_over_frees_the_next(ledger, of_account):
    ledger.count(CLEAR)
    ledger.end(CLEAR)
    with pytest.raises(WeChatError):
        ledger.count(CLEAR)
    set_back(ledger, 31)
    ledger.count(CLEAR)
    assert of_account().clears_left == 9


def test_wechats_own_count_can_be_read(counted):
    list(counted.iter_followers())
    read = counted.read_quota(FOLLOWERS)
    assert (read.limit, read.used) == (500, 1)


def test_another_brands_calls_are_not_ours(ledger, make_other_tenant, credentials):
    ledger.count(FOLLOWERS)
    with enter(system_scope(make_other_tenant())):
        assert quota.of_account(credentials.account_id).of(FOLLOWERS).used == 0


def test_a_limit_that_cant_be_kept_is_no_fault_of_the_call(ledger, capsys):
    broken = CallLedger(db.engine, ledger.tenant_id, "no account")
    broken.end(FOLLOWERS)
    assert "call_limit_not_kept" in capsys.readouterr().out


def test_what_is_left_is_told_in_words(app, ledger, of_account, tenant):
    ledger.count(FOLLOWERS)
    with app.test_request_context(headers={"Accept-Language": "en"}), enter(system_scope(tenant)):
        found = of_account()
        assert str(found.of(FOLLOWERS).sentence).startswith("1 of 500 calls made; they count anew at")
        ledger.end(FOLLOWERS)
        assert "no more of these calls" in str(of_account().of(FOLLOWERS).sentence)


def test_every_path_that_sends_has_its_limit():
    assert {CUSTOM: 500_000, TOKEN_PATH: 500_000, FORCED_PATH: 20}.items() <= LIMITS.items()
    assert {"/cgi-bin/message/template/send": 100_000, FOLLOWERS: 500}.items() <= LIMITS.items()
