"""Which rule answers."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.rules.domain.matching import CompiledRules, compile_rules
from tenants.rules.domain.stimulus import Kind, Stimulus
from tenants.rules.domain.text import normalise
from tenants.rules.domain.triggers import ReplySpec, RuleSpec, Trigger
from tests.factories.rules import rule_spec, trigger

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)
STICKER = "【收到不支持的消息类型，暂无法显示】"


def said(text: str) -> Stimulus:
    return Stimulus(text=text)


def winner(stimulus: Stimulus, *rules: RuleSpec) -> str | None:
    match = compile_rules(rules).match(stimulus, NOW)
    return match.rule.name if match else None


@pytest.mark.parametrize(
    ("one", "text", "fits"),
    [
        (trigger("keyword", "菜单", "exact"), " 菜单　", True),
        (trigger("keyword", "菜单", "exact"), "看菜单", False),
        (trigger("keyword", "WiFi", "contains"), "店里有ＷＩＦＩ吗", True),
        (trigger("keyword", "发票"), "怎么开发票", True),
        (trigger("keyword", "我要", "prefix"), "我要投诉", True),
        (trigger("keyword", "我要", "prefix"), "现在我要", False),
        (trigger("keyword", "几点", "suffix"), "关门几点", True),
        (trigger("keyword", "几点", "suffix"), "几点关门", False),
        (trigger("keyword", r"^\d{11}$", "regex"), "１３８００００００００", True),
        (trigger("keyword", "早安☀️", "exact"), "早安[太阳]", True),
        (trigger("emoji", "[微笑]"), "/::)", True),
        (trigger("emoji", "🙂"), "早呀[Smile]", True),
        (trigger("emoji", "🙂"), "/::~", False),
        (trigger("emoji", "[撇嘴]"), "/::~/::~", True),
        (trigger("emoji", "🙂", "exact"), "🙂🙂", True),
        (trigger("emoji", "🙂", "exact"), "早🙂", False),
        (trigger("emoji"), "今天👍🏻", True),
        (trigger("emoji"), "今天", False),
        (trigger("sticker"), STICKER, True),
        (trigger("sticker"), "[收到不支持的消息类型，暂无法显示]", True),
        (trigger("keyword", "消息"), STICKER, False),
        (trigger("message_type", "text"), STICKER, False),
        (trigger("message_type", "text"), "x", True),
        (trigger("message_type", "image"), "x", False),
        (trigger("no_match"), "x", False),
        (trigger("subscribe"), "x", False),
    ],
)
def test_a_trigger_fits_what_it_says(one: Trigger, text: str, fits: bool) -> None:
    assert (winner(said(text), rule_spec(one, name="it")) == "it") is fits


@pytest.mark.parametrize(
    ("one", "stimulus", "fits"),
    [
        (trigger("subscribe"), Stimulus(Kind.SUBSCRIBE), True),
        (trigger("subscribe"), Stimulus(Kind.SUBSCRIBE, key="shop-1"), True),
        (trigger("subscribe", "shop-1"), Stimulus(Kind.SUBSCRIBE, key="shop-1"), True),
        (trigger("subscribe", "shop-1"), Stimulus(Kind.SUBSCRIBE), False),
        (trigger("scan", "shop-1"), Stimulus(Kind.SCAN, key="shop-1"), True),
        (trigger("scan"), Stimulus(Kind.SCAN, key="shop-1"), True),
        (trigger("scan"), Stimulus(Kind.SUBSCRIBE, key="shop-1"), False),
        (trigger("menu_click", "TODAY"), Stimulus(Kind.CLICK, key="TODAY"), True),
        (trigger("menu_click", "TODAY"), Stimulus(Kind.CLICK, key="today"), False),
        (trigger("keyword", "TODAY"), Stimulus(Kind.CLICK, key="TODAY"), False),
        (trigger("message_type", "image"), Stimulus(message_type="image"), True),
        (trigger("keyword", "几点开门", "exact"), Stimulus(message_type="voice", text="几点开门。"), True),
    ],
)
def test_events_and_other_messages(one: Trigger, stimulus: Stimulus, fits: bool) -> None:
    assert (winner(stimulus, rule_spec(one, name="it")) == "it") is fits


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (
            rule_spec(trigger("keyword", "单"), name="better", priority=1),
            rule_spec(trigger("keyword", "菜单", "exact")),
        ),
        (
            rule_spec(trigger("keyword", "菜单", "exact"), name="better"),
            rule_spec(trigger("keyword", "菜单", "prefix")),
        ),
        (rule_spec(trigger("keyword", "菜", "prefix"), name="better"), rule_spec(trigger("keyword", "菜单"))),
        (rule_spec(trigger("keyword", "菜单"), name="better"), rule_spec(trigger("keyword", "菜"))),
        (rule_spec(trigger("keyword", "菜"), name="better"), rule_spec(trigger("keyword", "菜单.*", "regex"))),
        (rule_spec(trigger("keyword", "菜单.*", "regex"), name="better"), rule_spec(trigger("message_type", "text"))),
    ],
)
def test_the_order_is_priority_then_precision(better: RuleSpec, worse: RuleSpec) -> None:
    assert winner(said("菜单"), worse, better) == "better"
    assert winner(said("菜单"), better, worse) == "better"


def test_among_equals_the_older_answers() -> None:
    older, newer = rule_spec(trigger("keyword", "菜单"), name="older"), rule_spec(trigger("keyword", "菜单"))
    assert winner(said("菜单"), older, newer) == "older"


def test_a_rule_that_does_not_count_now_leaves_the_answer_to_the_next() -> None:
    one = trigger("keyword", "优惠", "exact")
    idle = (
        rule_spec(one, enabled=False),
        rule_spec(one, starts_at=NOW + timedelta(seconds=1)),
        rule_spec(one, ends_at=NOW),
        rule_spec(one, daily_from=time(13), daily_to=time(11)),
    )
    assert winner(said("优惠"), *idle) is None
    assert winner(said("优惠"), *idle, rule_spec(trigger("keyword", "优"), name="next")) == "next"


def test_several_triggers_set_one_rule_off() -> None:
    rule = rule_spec(trigger("keyword", "你好"), trigger("emoji", "👋"), trigger("menu_click", "HELLO"), name="it")
    assert {winner(s, rule) for s in (said("你好呀"), said("/:bye"), Stimulus(Kind.CLICK, key="HELLO"))} == {"it"}


def test_the_rule_that_asks_for_a_place_answers_it() -> None:
    rule = rule_spec(trigger("keyword", "门店"), name="it", replies=(ReplySpec("nearest_store"),))
    place = Stimulus(message_type="location", point=(31.2, 121.4))
    assert winner(place, rule) == "it"
    assert winner(place, rule, rule_spec(trigger("message_type", "location"), name="own", priority=1)) == "own"


def test_the_fallback_answers_messages_and_no_events() -> None:
    rules = compile_rules([rule_spec(trigger("no_match"), name="it"), rule_spec(trigger("keyword", "菜单"))])
    assert rules.match(said("啊"), NOW) is None
    found = rules.fallback(said("啊"), NOW)
    assert found is not None
    assert found.rule.name == "it"
    assert rules.fallback(Stimulus(Kind.CLICK, key="X"), NOW) is None


keywords = st.lists(st.text(alphabet="菜单优惠店面ab ", min_size=1, max_size=4), min_size=1, max_size=12)


@given(keywords, st.text(alphabet="菜单优惠店面ab ", max_size=12))
def test_many_keywords_match_as_one_by_one(words: list[str], text: str) -> None:
    rules = compile_rules([rule_spec(trigger("keyword", word), name=word) for word in words])
    places = rules.candidates(said(text))
    expected = {word for word in words if normalise(word) and normalise(word) in normalise(text)}
    assert {rules.entries[place].rule.name for place in places} == expected


def test_a_message_that_fits_every_trigger_looks_at_each_rule_once(monkeypatch: pytest.MonkeyPatch) -> None:
    signs, looked = [chr(0x4E00 + number) for number in range(100)], []
    rules = compile_rules(rule_spec(*(trigger("keyword", sign) for sign in signs), enabled=False) for _ in range(50))
    standing = RuleSpec.standing
    monkeypatch.setattr(RuleSpec, "standing", lambda rule, now: looked.append(rule.id) or standing(rule, now))
    assert len(rules.candidates(said("".join(signs)))) == 5_000
    assert rules.match(said("".join(signs)), NOW) is None
    assert len(looked) == len(set(looked)) == 50


def _thousands() -> CompiledRules:
    return compile_rules(
        rule_spec(*(trigger("keyword", f"词{number * 10 + part}号") for part in range(10))) for number in range(500)
    )


def test_five_thousand_keywords_are_searched_in_one_pass() -> None:
    rules, message = _thousands(), said("请问词4321号和词17号今天还有吗，我们想下午过来" * 3)
    started = perf_counter()
    for _ in range(200):
        rules.match(message, NOW)
    assert (perf_counter() - started) / 200 < 0.001
