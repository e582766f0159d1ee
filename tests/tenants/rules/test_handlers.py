"""Rules behind the gateway: what reaches an account, and what goes back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from saas.tenancy.scope import TenantScope
from saas.wechat.dispatch import Answer, Dispatcher, Origin, Phase, ordered
from saas.wechat.messages import message_from
from saas.wechat.ports import AccountKeys
from saas.wechat.replies import TextReply
from tenants.rules.capability import CAPABILITY
from tenants.rules.domain.stimulus import Kind, Stimulus
from tenants.rules.handlers import stimulus_of
from tenants.rules.services import load_rules
from tests.factories.accounts import Tree
from tests.factories.rules import make_rule

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
OUTER = {"FromUserName": "o1", "ToUserName": "gh_1", "CreateTime": "1760000001"}


def message(kind: str, **fields: Any) -> Any:
    return message_from({**OUTER, "MsgType": kind, "MsgId": "1", **fields}, b"")


def event(name: str, key: str = "") -> Any:
    return message_from({**OUTER, "MsgType": "event", "Event": name, "EventKey": key}, b"")


@pytest.mark.parametrize(
    ("inbound", "expected"),
    [
        (message("text", Content="早"), Stimulus(text="早")),
        (message("image", MediaId="m"), Stimulus(message_type="image")),
        (message("voice", MediaId="m", Recognition="几点。"), Stimulus(message_type="voice", text="几点。")),
        (message("shortvideo", MediaId="m"), Stimulus(message_type="shortvideo")),
        (message("video", MediaId="m"), Stimulus(message_type="video")),
        (message("link", Url="https://a.test"), Stimulus(message_type="link")),
        (
            message("location", Location_X="31.2", Location_Y="121.4"),
            Stimulus(message_type="location", point=(31.2, 121.4)),
        ),
        (message("emoticon"), Stimulus(message_type="sticker")),
        (message("file"), Stimulus(message_type="file")),
        (event("subscribe"), Stimulus(Kind.SUBSCRIBE)),
        (event("subscribe", "qrscene_shop-1"), Stimulus(Kind.SUBSCRIBE, key="shop-1")),
        (event("SCAN", "shop-1"), Stimulus(Kind.SCAN, key="shop-1")),
        (event("CLICK", "TODAY"), Stimulus(Kind.CLICK, key="TODAY")),
        (event("scancode_waitmsg", "scan1"), Stimulus(Kind.CLICK, key="scan1")),
        (event("scancode_push", "scan1"), None),
        (event("VIEW", "https://a.test"), None),
        (event("unsubscribe"), None),
        (event("kf_create_session"), None),
    ],
)
def test_what_a_rule_may_look_at(inbound: Any, expected: Stimulus | None) -> None:
    assert stimulus_of(inbound) == expected


@pytest.fixture
def decide(scope: TenantScope, tree: Tree) -> Any:
    """Asks the real dispatcher with the answerers of rules alone."""
    dispatcher = Dispatcher(ordered([(CAPABILITY.name, CAPABILITY.answers)]))
    keys = AccountKeys(tenant_id=scope.tenant.id, account_id=tree.bund, app_id="wx1", token="t")
    return lambda inbound: dispatcher.decide(inbound, keys, NOW)


def test_the_rule_answers_and_signs(decide: Any, tree: Tree) -> None:
    rule = make_rule(tree.bund)
    make_rule(tree.lake, triggers=[{"type": "no_match"}])
    expected = Answer(TextReply("我们每天 8:00–22:00 营业。"), Origin("rules", str(rule.id)))
    assert decide(message("text", Content="几点开门")) == expected
    assert decide(message("text", Content="啊")) == Answer()


def test_what_nothing_answers_gets_the_fallback_and_events_do_not(decide: Any, tree: Tree) -> None:
    make_rule(tree.bund)
    make_rule(tree.bund, triggers=[{"type": "no_match"}], replies=[{"type": "text", "content": "请稍候"}])
    assert decide(message("text", Content="啊")).reply == TextReply("请稍候")
    assert decide(message("image", MediaId="m")).reply == TextReply("请稍候")
    assert decide(event("CLICK", "X")).reply is None


def test_silence_is_an_answer(decide: Any, tree: Tree) -> None:
    make_rule(tree.bund, replies=[{"type": "none"}])
    make_rule(tree.bund, triggers=[{"type": "no_match"}])
    answer = decide(message("text", Content="几点"))
    assert answer.reply is None
    assert answer.origin is not None


def test_rules_answer_in_their_two_phases() -> None:
    assert set(CAPABILITY.answers) == {Phase.RULE, Phase.FALLBACK}


def test_what_the_phases_share_is_weighed_once(scope: TenantScope, tree: Tree) -> None:
    make_rule(tree.bund)
    loaded = load_rules(tree.bund)
    weights = {phase: answerer.weigh(loaded) for phase, answerer in CAPABILITY.answers.items()}
    assert weights == {Phase.RULE: loaded.weight, Phase.FALLBACK: 0}
    assert loaded.weight > 0
