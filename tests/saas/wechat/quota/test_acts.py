"""Which act allows what: every kind of act, and a batch of several."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saas import clock
from saas.wechat.messages import message_from
from saas.wechat.quota.acts import GRANTS, Trigger, changes_of, triggers_of
from saas.wechat.xml_reader import read
from tests.factories.callbacks import event_fields, text_fields
from tests.saas.wechat.quota.conftest import OPENID

HOUR = timedelta(hours=1)
KEY = "<EventKey>{}</EventKey>"
LEFT = event_fields("unsubscribe")
TAPPED = "<bizmsgmenuid>101</bizmsgmenuid>"


@pytest.mark.parametrize(
    ("inner", "triggers"),
    [
        (text_fields("在吗"), ["message"]),
        (text_fields("喜欢") + TAPPED, ["menu"]),
        ("<MsgType>image</MsgType><PicUrl>u</PicUrl><MediaId>m</MediaId><MsgId>1</MsgId>", ["message"]),
        ("<MsgType>voice</MsgType><MediaId>m</MediaId><Format>amr</Format><MsgId>1</MsgId>", ["message"]),
        ("<MsgType>sticker</MsgType><MsgId>1</MsgId>", ["message"]),
        (event_fields("subscribe", KEY.format("")), ["follow"]),
        (event_fields("subscribe", KEY.format("qrscene_shop")), ["follow"]),
        (event_fields("subscribe", KEY.format("last_trade_no_4200")), ["follow", "payment"]),
        (event_fields("SCAN", KEY.format("shop")), ["scan"]),
        (event_fields("CLICK", KEY.format("MENU")), ["menu"]),
        (event_fields("scancode_push", KEY.format("k")), ["menu"]),
        (event_fields("scancode_waitmsg", KEY.format("k")), ["menu"]),
        (event_fields("user_pay_from_pay_cell"), ["payment"]),
        (event_fields("VIEW", KEY.format("https://example.test/")), []),
        (event_fields("view_miniprogram", KEY.format("p")), []),
        (event_fields("location_select", KEY.format("l")), []),
        (event_fields("pic_weixin", KEY.format("p")), []),
        (event_fields("LOCATION", "<Latitude>1</Latitude><Longitude>2</Longitude><Precision>3</Precision>"), []),
        (LEFT, []),
        (event_fields("TEMPLATESENDJOBFINISH"), []),
        (event_fields("something_new"), []),
    ],
)
def test_an_act_allows_what_wechat_says(inner, triggers):
    raw = (
        f"<xml><ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>{inner}</xml>".encode()
    )
    assert list(triggers_of(message_from(read(raw), raw))) == triggers


def test_every_trigger_has_its_grant():
    assert {str(trigger): (grant.messages, grant.lasts.total_seconds()) for trigger, grant in GRANTS.items()} == {
        "message": (5, 48 * 3600),
        "menu": (3, 60),
        "follow": (3, 60),
        "scan": (3, 60),
        "payment": (None, 48 * 3600),
    }


def test_of_each_kind_the_last_of_a_batch_counts(batch, account_id):
    made = batch(text_fields("a"), text_fields("b"), event_fields("CLICK", KEY.format("k")))
    changes = changes_of(made.rows)
    assert set(changes.ends) == {(account_id, OPENID, Trigger.MESSAGE), (account_id, OPENID, Trigger.MENU)}
    assert (
        changes.ends[(account_id, OPENID, Trigger.MESSAGE)] == made.rows[1].occurred_at + GRANTS[Trigger.MESSAGE].lasts
    )


def test_leaving_ends_what_came_before_and_not_what_comes_after(batch, account_id):
    made = batch(text_fields("a"), LEFT, event_fields("subscribe"))
    changes = changes_of(made.rows)
    assert changes.left == {(account_id, OPENID): made.rows[1].occurred_at}
    assert set(changes.ends) == {(account_id, OPENID, Trigger.FOLLOW)}


def test_what_counts_is_when_it_was_done_and_not_when_it_arrived(batch, account_id):
    now = clock.now()
    left, written = batch(LEFT, at=now - HOUR).rows, batch(text_fields("a"), at=now).rows
    tapped = batch(event_fields("CLICK", KEY.format("k")), at=now - 2 * HOUR).rows
    twice = batch(LEFT, at=now - 3 * HOUR).rows
    changes = changes_of((*written, *left, *tapped, *twice))
    assert changes.left == {(account_id, OPENID): left[0].occurred_at}
    assert set(changes.ends) == {(account_id, OPENID, Trigger.MESSAGE)}
