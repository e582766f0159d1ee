"""What became of effects, in words; and sending again."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from saas.db import db, new_id
from saas.errors import NotFound
from saas.tenancy.scope import enter, system_scope
from saas.wechat.erasure import forget_fan
from saas.wechat.outbox import NothingLeft, NotOver, access_effect, list_effects, list_of_fan, resend, words
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.states import Reason, State


@pytest.fixture
def inside(tenant):
    """Works in the brand's scope."""
    with enter(system_scope(tenant)):
        yield


@pytest.fixture
def one(phone, fans, planned):
    """An effect that waits."""
    phone.allow(fans[0])
    return planned(fans[0])


@pytest.mark.parametrize(
    ("values", "english", "chinese"),
    [
        ({"state": "planned"}, "Waits to be sent.", "等待发送。"),
        ({"state": "sending"}, "Being sent.", "发送中。"),
        ({"state": "done"}, "Sent.", "已发送。"),
        ({"state": "unknown", "reason": "cut"}, "Nobody knows", "无法确认"),
        ({"state": "refused", "reason": "allowance"}, "used up", "条数已用完"),
        ({"state": "refused", "reason": "answer", "errcode": 48002}, "Not sent: The receiver", "关闭了接收消息"),
        ({"state": "refused", "reason": "late"}, "waited so long", "等待时间过长"),
        ({"state": "refused", "reason": "unsendable"}, "not connected", "未接入"),
        ({"state": "refused", "reason": "fault"}, "made a mistake", "程序出错"),
        ({"state": "refused", "reason": "erased"}, "was forgotten", "按要求删除"),
    ],
)
def test_every_end_has_its_words(app, values, english, chinese):
    said = words(OutboxRow(**values))
    with app.test_request_context():
        with force_locale("en"):
            assert english in str(said)
        with force_locale("zh"):
            assert chinese in str(said)


def test_every_state_and_reason_is_told(app):
    with app.test_request_context():
        for state in State:
            for reason in Reason:
                assert str(words(OutboxRow(state=state, reason=reason)))


@pytest.mark.parametrize("state", ["unknown", "refused"])
def test_a_person_may_send_it_again(one, change, inside, state):
    change(f"state = '{state}'")
    again = resend(one.id)
    assert again.id != one.id
    assert (again.payload, again.openid, again.account_id) == (one.payload, one.openid, one.account_id)


@pytest.mark.parametrize("state", ["planned", "sending", "done"])
def test_what_may_still_go_out_is_not_planned_twice(one, change, inside, state):
    change(f"state = '{state}'")
    with pytest.raises(NotOver):
        resend(one.id)


def test_again_asks_the_ledger_again(one, change, inside, fans):
    change("state = 'unknown'")
    forget_fan(one.account_id, fans[0], [])
    with pytest.raises(NotFound):  # the fan was forgotten, and with it what was to be said
        resend(one.id)


def test_again_is_refused_when_nothing_is_left(one, change, inside):
    change("state = 'unknown'")
    db.session.execute(db.text("UPDATE allowances SET remaining = 0"))
    with pytest.raises(NothingLeft):
        resend(one.id)


def test_another_brands_effect_is_not_there(one, make_other_tenant):
    with enter(system_scope(make_other_tenant())):
        for act in (access_effect, resend):
            with pytest.raises(NotFound):
                act(one.id)
        assert list_effects([one.id]) == {}
        assert list_of_fan(one.account_id, one.openid) == []


def test_effects_are_listed_the_newest_first(one, planned, fans, inside):
    other = planned(fans[0], "二")
    assert [row.id for row in list_of_fan(one.account_id, fans[0])] == [other.id, one.id]
    assert set(list_effects([one.id, other.id, new_id()])) == {one.id, other.id}
