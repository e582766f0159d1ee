"""Who is asked, in which order, and what is remembered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from saas import clock
from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat import dispatch
from saas.wechat.dispatch import NO_ANSWER, Answer, Answerer, Dispatcher, Origin, Phase, answer_from_json, ordered
from saas.wechat.messages import Text
from saas.wechat.metrics import LET_GO
from saas.wechat.replies import TextReply
from tests.factories.callbacks import account_keys

MESSAGE = Text(openid="o", created_at=1, content="hello")


def says(words, log=None):
    """An answerer of fixed words; None says nothing."""

    def answer(_inbound, _loaded, _now):
        if log is not None:
            log.append(words)
        return None if words is None else Answer(TextReply(words))

    return Answerer(lambda keys: None, answer)


def decide(answerers, keys, **named):
    return Dispatcher(answerers, **named).decide(MESSAGE, keys, clock.now())


@pytest.fixture
def keys(tenant):
    return account_keys(tenant.id)


def test_phases_come_before_the_registry():
    first, second, third = says("a"), says("b"), says("c")
    answers = [("low", {Phase.FALLBACK: first, Phase.RULE: second}), ("high", {Phase.HELD: third, Phase.RULE: first})]
    assert [(name, answerer) for name, answerer in ordered(answers)] == [
        ("high", third),
        ("low", second),
        ("high", first),
        ("low", first),
    ]


def test_the_first_answer_wins(keys):
    asked = []
    chain = [("a", says(None, asked)), ("b", says("b", asked)), ("c", says("c", asked))]
    assert decide(chain, keys).reply == TextReply("b")
    assert asked == [None, "b"]


def test_an_answer_without_words_also_wins(keys):
    silent = Answer(effects=("hand_over",))
    chain = [("a", Answerer(lambda keys: None, lambda *_: silent)), ("b", says("b"))]
    assert decide(chain, keys) is silent


def test_nobody_answers(keys):
    assert decide([("a", says(None))], keys) is NO_ANSWER
    assert decide([], keys) is NO_ANSWER


def test_a_faulty_answerer_is_passed_over_and_named_without_content(keys, capsys):
    def fail(inbound, _loaded, _now):
        raise ValueError(inbound.content, inbound.openid)

    chain = [("a", Answerer(lambda keys: None, fail)), ("b", says("b"))]
    assert decide(chain, keys).reply == TextReply("b")
    printed = capsys.readouterr().out
    assert "answer" in printed
    assert "ValueError" in printed
    assert "hello" not in printed


def test_what_is_loaded_is_kept_per_version(keys):
    loads = []
    dispatcher = Dispatcher([("a", Answerer(lambda keys: loads.append(keys.version), lambda *_: None))])
    for version in (0, 0, 1, 1):
        dispatcher.decide(MESSAGE, replace(keys, version=version), clock.now())
    assert loads == [0, 1]


def test_only_the_accounts_used_last_are_kept(tenant):
    loads = []
    dispatcher = Dispatcher([("a", Answerer(lambda keys: loads.append(keys.app_id), lambda *_: None))], accounts=2)
    one, two, three = (account_keys(tenant.id) for _ in range(3))
    for keys in (one, two, one, three, one, two):
        dispatcher.decide(MESSAGE, keys, clock.now())
    assert loads == [one.app_id, two.app_id, three.app_id, two.app_id]


@pytest.fixture
def weighed(tenant):
    """A dispatcher that keeps ten bytes, a call for an account of a name, and the names that were loaded."""
    loads, accounts = [], defaultdict(lambda: account_keys(tenant.id))
    weights = {"light": 2, "middle": 4, "other": 4, "heavy": 9, "giant": 99}

    def load(keys):
        loads.append(next(name for name, one in accounts.items() if one.account_id == keys.account_id))
        return loads[-1]

    answerer = Answerer(load, lambda *_: None, weigh=lambda name: weights[name])
    dispatcher = Dispatcher([("a", answerer), ("b", says(None))], weight=10)

    def ask(*names, version=0):
        loads.clear()
        for name in names:
            dispatcher.decide(MESSAGE, replace(accounts[name], version=version), clock.now())
        return list(loads)

    return ask


def test_only_as_much_as_has_room_is_kept_the_last_used_first(weighed):
    assert weighed("light", "middle", "other", "light", "middle", "other") == ["light", "middle", "other"]
    assert weighed("light", "heavy") == ["heavy"]
    assert weighed("heavy", "middle", "heavy") == ["middle", "heavy"]


def test_the_lighter_survive_when_only_the_oldest_has_to_go(weighed):
    assert weighed("middle", "other", "middle", "light", "other", "middle") == ["middle", "other", "light"]
    assert weighed("giant", "giant") == ["giant"]
    assert weighed("light", "light", "giant") == ["light", "giant"]


def test_a_new_version_takes_the_place_of_the_old(weighed):
    for version in range(5):
        assert weighed("middle", "other", version=version) == ["middle", "other"]
    assert weighed("middle", "other", version=4) == []


def test_who_is_let_go_is_counted(weighed):
    before = LET_GO._value.get()
    weighed("light", "middle", "other")
    assert LET_GO._value.get() == before
    weighed("heavy")
    assert LET_GO._value.get() == before + 3


def test_what_two_phases_share_is_loaded_once(keys):
    loads = []

    def load(_keys):
        loads.append(1)
        return object()

    seen = []
    chain = [("a", Answerer(load, lambda _i, loaded, _n: seen.append(loaded))) for _ in range(2)]
    decide(chain, keys)
    assert (len(loads), len(set(map(id, seen)))) == (1, 1)


def test_loading_runs_in_the_tenants_scope(keys, tenant):
    found = []

    def load(_keys):
        found.append((current_scope().tenant.id, db.session.scalar(text("SELECT app_tenant()"))))

    decide([("a", Answerer(load, lambda *_: None))], keys)
    assert found == [(tenant.id, tenant.id)]


def test_a_faulty_load_is_passed_over_and_tried_again(keys):
    loads = []

    def load(_keys):
        loads.append(1)
        raise ValueError

    dispatcher = Dispatcher([("a", Answerer(load, lambda *_: Answer())), ("b", says("b"))])
    for _ in range(2):
        assert dispatcher.decide(MESSAGE, keys, clock.now()).reply == TextReply("b")
    assert len(loads) == 2


def test_without_a_database_nothing_is_decided(keys):
    def load(_keys):
        raise OperationalError("", {}, Exception())

    with pytest.raises(OperationalError):
        decide([("a", Answerer(load, lambda *_: None)), ("b", says("b"))], keys)


def test_the_time_is_bounded(keys, monkeypatch):
    ticks = iter(range(100))
    monkeypatch.setattr(dispatch, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    chain = [("a", says(None)), ("b", says(None)), ("c", says("c"))]
    assert decide(chain, keys, budget_seconds=2.5) is NO_ANSWER


@pytest.mark.parametrize(
    "answer",
    [NO_ANSWER, Answer(TextReply("a"), Origin("rules", "7"), ("hand_over",)), Answer(effects=("complaint",))],
)
def test_answers_survive_the_journal(answer):
    assert answer_from_json(answer.to_json()) == answer
