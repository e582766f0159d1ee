"""Every message type and event of the protocol, as a gateway reads it, and what it changes at Tencent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.saas.simulator.conftest import Box
from tests.saas.simulator.echo import Echo

BUTTONS = [
    {"type": "click", "name": "今日优惠", "key": "MENU_TODAY"},
    {
        "name": "门店",
        "sub_button": [
            {"type": "location_select", "name": "最近门店", "key": "near"},
            {"type": "scancode_waitmsg", "name": "扫码验真", "key": "scan1"},
            {"type": "pic_weixin", "name": "晒单", "key": "pic1"},
            {"type": "miniprogram", "name": "点单", "url": "http://x", "appid": "wx2", "pagepath": "pages/index"},
        ],
    },
    {"type": "view", "name": "会员中心", "url": "https://example.test/m"},
]
MESSAGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "text", "content": "优惠 /::) [微笑] 😊"}, {"Content": "优惠 /::) [微笑] 😊"}),
    ({"type": "text", "content": "是", "bizmsgmenuid": "101"}, {"Content": "是", "bizmsgmenuid": "101"}),
    ({"type": "image", "media_id": "m1", "pic_url": "http://p"}, {"PicUrl": "http://p", "MediaId": "m1"}),
    ({"type": "voice", "media_id": "v1", "recognition": "几点开门"}, {"Format": "amr", "Recognition": "几点开门"}),
    ({"type": "video", "media_id": "v2", "thumb_media_id": "t"}, {"MediaId": "v2", "ThumbMediaId": "t"}),
    ({"type": "shortvideo"}, {"MsgType": "shortvideo"}),
    (
        {"type": "location", "latitude": 31.230416, "longitude": 121.473701, "label": "人民广场"},
        {"Location_X": "31.230416", "Location_Y": "121.473701", "Scale": "16", "Label": "人民广场"},
    ),
    ({"type": "link", "title": "菜单", "url": "https://x"}, {"Title": "菜单", "Url": "https://x"}),
    ({"type": "sticker", "name": "早安"}, {"MsgType": "text", "Content": "[收到不支持的消息类型，暂无法显示]"}),
    ({"type": "file", "title": "a.pdf"}, {"MsgType": "file", "Title": "a.pdf"}),
    ({"type": "miniprogrampage", "appid": "wx2"}, {"MsgType": "miniprogrampage", "AppId": "wx2"}),
    ({"type": "raw", "msg_type": "card", "fields": {"X": 1}}, {"MsgType": "card", "X": "1"}),
    ({"type": "text", "content": "a", "msg_data_id": "99", "idx": 2}, {"MsgDataId": "99", "Idx": "2"}),
]


def last(echo: Echo) -> dict[str, Any]:
    return dict(echo.seen[-1]._data)


@pytest.fixture
def menu(answered: Box) -> Box:
    assert answered.errcode("/cgi-bin/menu/create", {"button": BUTTONS}) == 0
    return answered


@pytest.mark.parametrize(("act", "fields"), MESSAGES)
def test_messages(answered: Box, echo: Echo, act: dict[str, Any], fields: dict[str, Any]) -> None:
    echo.answer = lambda message: "success"
    fan = answered.fan()
    result = answered.act(fan, created_at=1760000001, **act)
    assert last(echo).items() >= fields.items()
    assert (
        last(echo).items() >= {"FromUserName": fan, "ToUserName": "gh_5f0c2a9d17be", "CreateTime": "1760000001"}.items()
    )
    assert last(echo)["MsgId"] == result["msg_id"]


@pytest.mark.parametrize("act", [{"type": "nothing"}, {"type": "text"}, {"type": "location", "latitude": "x"}, {}])
def test_an_impossible_act_is_refused(box: Box, act: dict[str, Any]) -> None:
    assert "error" in box.act(box.fan(), **act)


def test_following_by_a_code_and_scanning_again(answered: Box, echo: Echo) -> None:
    scene = {"scene": {"scene_str": "shop-0042"}}
    made = answered.post("/cgi-bin/qrcode/create", {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
    fan = answered.fan(subscribed=False)
    answered.act(fan, type="scan", scene="shop-0042")
    raw = last(echo)
    assert raw["EventKey"] in ("shop-0042", "qrscene_shop-0042")  # wechatpy strips the prefix in place
    assert raw["Ticket"] == made["ticket"]
    assert "qrscene_shop-0042" in answered.sim(f"/fans/{fan}/deliveries")["items"][0]["request"]
    info = answered.get("/cgi-bin/user/info", openid=fan)
    assert info.items() >= {"subscribe": 1, "subscribe_scene": "ADD_SCENE_QR_CODE", "qr_scene_str": "shop-0042"}.items()
    answered.act(fan, type="scan", ticket=made["ticket"])
    assert (
        "<Event><![CDATA[SCAN]]></Event><EventKey><![CDATA[shop-0042]]></EventKey>"
        in (answered.sim(f"/fans/{fan}/deliveries")["items"][0]["request"])
    )


def test_the_three_ways_to_follow(answered: Box, echo: Echo) -> None:
    keys = []
    for values in ({}, {"scene": "s1"}, {"last_trade_no": "4200"}):
        fan = answered.fan(subscribed=False)
        answered.act(fan, type="subscribe", **values)
        keys.append(answered.sim(f"/fans/{fan}/deliveries")["items"][0]["request"].split("EventKey>")[1])
    assert keys == ["<![CDATA[]]></", "<![CDATA[qrscene_s1]]></", "<![CDATA[last_trade_no_4200]]></"]


def test_an_expired_code_can_not_be_scanned(answered: Box) -> None:
    values = {"expire_seconds": 60, "action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 7}}}
    ticket = answered.post("/cgi-bin/qrcode/create", values)["ticket"]
    fan = answered.fan()
    assert answered.act(fan, type="scan", ticket=ticket)["status"] == "answered"
    answered.pass_time(61)
    assert answered.act(fan, type="scan", ticket=ticket)["error"] == "this code has expired"
    assert answered.client.get("/cgi-bin/showqrcode", query_string={"ticket": ticket}).status_code == 404


def test_unfollowing_ends_everything(answered: Box, echo: Echo) -> None:
    fan = answered.fan()
    tag = answered.post("/cgi-bin/tags/create", {"tag": {"name": "常客"}})["tag"]["id"]
    answered.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [fan], "tagid": tag})
    assert answered.act(fan, type="unsubscribe")["status"] == "answered"
    assert answered.get("/cgi-bin/user/info", openid=fan) == {"subscribe": 0, "openid": fan, "tagid_list": []}
    assert answered.get("/cgi-bin/user/get")["total"] == 0
    assert "error" in answered.act(fan, type="unsubscribe")
    lines = answered.client.get(f"/phone/{answered.app_id}/{fan}/chat").json["lines"]
    assert [line["content"]["type"] for line in lines] == ["unfollow"]


def test_menu_taps_raise_their_events(menu: Box, echo: Echo) -> None:
    fan = menu.fan()
    menu.act(fan, type="menu", key="MENU_TODAY")
    assert last(echo).items() >= {"Event": "CLICK", "EventKey": "MENU_TODAY"}.items()
    menu.act(fan, type="menu", key="会员中心", menu_id=451234567)
    assert last(echo).items() >= {"EventKey": "https://example.test/m", "MenuId": "451234567"}.items()
    menu.act(fan, type="menu", key="pages/index")
    assert last(echo).items() >= {"Event": "view_miniprogram", "EventKey": "pages/index"}.items()
    menu.act(fan, type="menu", key="scan1", scan_result="SN-1")
    assert last(echo)["ScanCodeInfo"] == {"ScanType": "qrcode", "ScanResult": "SN-1"}


def test_pictures_and_places_follow_their_event(menu: Box, echo: Echo) -> None:
    fan = menu.fan()
    done = menu.act(fan, type="menu", key="pic1", pictures=[{"media_id": "a"}, {"media_id": "b"}])
    assert [message.type for message in echo.seen] == ["event", "image", "image"]
    assert echo.seen[0]._data["SendPicsInfo"]["Count"] == "2"
    assert len(done["followed_by"]) == 2
    menu.act(fan, type="menu", key="near", latitude=30.1, longitude=120.2, label="湖滨")
    assert [message.type for message in echo.seen[3:]] == ["event", "location"]
    assert echo.seen[3]._data["SendLocationInfo"]["Label"] == "湖滨"


def test_any_event_can_be_raised(answered: Box, echo: Echo) -> None:
    fields = {"SubscribeMsgPopupEvent": {"List": [{"TemplateId": "a"}, {"TemplateId": "b"}]}}
    answered.act(answered.fan(), type="event", event="subscribe_msg_popup_event", fields=fields)
    assert last(echo)["SubscribeMsgPopupEvent"]["List"] == [{"TemplateId": "a"}, {"TemplateId": "b"}]


def test_view_shows_no_answer(menu: Box) -> None:
    fan = menu.fan()
    assert menu.act(fan, type="menu", key="会员中心")["status"] == "answered"
    lines = menu.client.get(f"/phone/{menu.app_id}/{fan}/chat").json["lines"]
    assert [line["origin"] for line in lines] == ["fan"]
