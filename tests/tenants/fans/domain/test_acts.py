"""What acts say of a fan together."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from saas.wechat.messages import Inbound, MassSent, NoticeAsked, PersonalDataNotice, Unknown, UnknownEvent, View
from tenants.fans.domain.acts import ActKind, act_of, sightings
from tests.factories.fans import START, answered, follow, row, text, unfollow

ACCOUNT = uuid4()


def kind(inbound: Inbound) -> ActKind:
    return act_of(row(ACCOUNT, inbound)).kind


def test_kinds_of_acts() -> None:
    assert kind(text("o1")) is kind(Unknown(openid="o1", msg_type="file", created_at=0)) is ActKind.ACTIVE
    assert kind(View(openid="o1", event="VIEW", created_at=0)) is ActKind.ACTIVE
    assert kind(NoticeAsked(openid="o1", event="subscribe_msg_popup_event", created_at=0)) is ActKind.PRESENT
    assert kind(MassSent(openid="o1", event="MASSSENDJOBFINISH", created_at=0)) is ActKind.REPORT
    assert kind(UnknownEvent(openid="o1", event="new_thing", created_at=0)) is ActKind.REPORT


def test_the_duty_to_forget_is_about_the_person_in_it() -> None:
    notice = PersonalDataNotice(openid="gh", person_openid="o9", event="user_info_modified", created_at=0)
    assert act_of(row(ACCOUNT, notice)).openid == "o9"


def test_a_payment_brings_a_fan_too() -> None:
    paid = follow("o1")
    object.__setattr__(paid, "event_key", "last_trade_no_4200001")
    act = act_of(row(ACCOUNT, paid))
    assert (act.source, act.scene) == ("paid", None)


def test_the_last_follow_names_scene_and_source_and_fans_come_in_a_fixed_order() -> None:
    later, end = START + timedelta(hours=1), START + timedelta(hours=2)
    rows = [
        row(ACCOUNT, text("o2"), at=later),
        row(ACCOUNT, follow("o1", "b"), at=later),
        row(ACCOUNT, unfollow("o1"), at=end),
        row(ACCOUNT, follow("o1", "a")),
    ]
    first, second = sightings(act_of(one) for one in rows)
    assert (first.openid, second.openid) == ("o1", "o2")
    assert (first.followed_at, first.unfollowed_at, first.scene, first.source) == (later, end, "b", "scan")
    assert (second.followed_at, second.active_at) == (None, later)


def test_the_answer_goes_along() -> None:
    act = act_of(row(ACCOUNT, text("o1"), answer=answered("好", "r1", effects=("hand_over",))))
    assert act.answer is not None
    assert (act.answer.content, act.origin, act.rule_id, act.effects) == ("好", "rules", "r1", ("hand_over",))
    assert act.awaits_answer
