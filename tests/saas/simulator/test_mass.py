"""Messages to many: audience, the keyed refusals of a repeat, the quotas of both kinds of account, and the event of the end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.saas.simulator.conftest import ACCOUNT, Box
from tests.saas.simulator.echo import Echo
from tests.saas.simulator.test_templates import booked, finish

ALL, LIST = "/cgi-bin/message/mass/sendall", "/cgi-bin/message/mass/send"
DAY = 86_400


def text(content: str = "上新了", **more: Any) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content}, **more}


def to_all(content: str = "上新了", **more: Any) -> dict[str, Any]:
    return text(content, filter={"is_to_all": True}, **more)


def subscription(box: Box) -> None:
    box.client.post("/_sim/accounts", json={**ACCOUNT, "service_type": "subscription"})


def test_everybody_gets_it_and_the_end_is_told(answered: Box, echo: Echo) -> None:
    fans = answered.fans(3)
    answered.fan(subscribed=False)
    answered.post("/cgi-bin/tags/members/batchblacklist", {"openid_list": [answered.fan()]})
    sent = answered.post(ALL, to_all(clientmsgid="k"))
    assert (sent["errcode"], sent["errmsg"], "msg_data_id" in sent) == (0, "send job submission success", False)
    assert sorted(one["openid"] for one in booked(answered, "mass")) == sorted(fans)
    [event] = finish(echo)
    assert event._data["MsgID"] == str(sent["msg_id"])
    assert [event._data[name] for name in ("TotalCount", "FilterCount", "SentCount", "ErrorCount")] == [
        "3",
        "3",
        "3",
        "0",
    ]
    assert answered.post("/cgi-bin/message/mass/get", {"msg_id": sent["msg_id"]})["msg_status"] == "SEND_SUCCESS"
    assert answered.client.get(f"/phone/{answered.app_id}/{fans[0]}/chat").json["lines"][0]["origin"] == "mass"


def test_a_tag_is_an_audience(box: Box) -> None:
    one, _ = box.fans(2)
    tag = box.post("/cgi-bin/tags/create", {"tag": {"name": "会员"}})["tag"]["id"]
    box.post("/cgi-bin/tags/members/batchtagging", {"tagid": tag, "openid_list": [one]})
    assert box.errcode(ALL, text(filter={"is_to_all": False, "tag_id": tag})) == 0
    assert [row["openid"] for row in booked(box, "mass")] == [one]
    for wrong in ({"is_to_all": False}, {"tag_id": 999}):
        assert box.errcode(ALL, text(filter=wrong)) == 40152


def test_a_list_is_an_audience(box: Box) -> None:
    fans = box.fans(3)
    assert box.post(LIST, text(touser=[*fans[:2], "o-gone"]))["errcode"] == 0
    assert sorted(row["openid"] for row in booked(box, "mass")) == sorted(fans[:2])
    assert box.errcode(LIST, text(touser=fans[:1])) == 40130
    assert box.errcode(LIST, text(touser=["o"] * 10_001)) == 40032


def test_a_repeat_of_a_key_says_what_was_sent(box: Box) -> None:
    fans = box.fans(2)
    first = box.post(LIST, text(touser=fans, clientmsgid="job-1"))
    assert box.post(LIST, text(touser=fans, clientmsgid="job-1"))["errcode"] == 45066
    box.pass_time(60)
    again = box.post(LIST, text("anything", touser=fans, clientmsgid="job-1"))
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
    assert "msg_data_id" not in again
    assert len(booked(box, "mass")) == 2
    box.pass_time(DAY)
    assert box.errcode(LIST, text(touser=fans, clientmsgid="job-1")) == 0
    assert box.errcode(LIST, text(touser=fans, clientmsgid="字" * 22)) == 45067


def test_without_a_key_the_content_is_one(box: Box) -> None:
    fans = box.fans(2)
    codes = [box.errcode(LIST, text(content, touser=fans)) for content in ("a", "a", "b")]
    assert codes == [0, 45066, 0]


def test_a_subscription_account_sends_once_a_day(box: Box) -> None:
    box.fans(2)
    subscription(box)
    assert box.errcode(ALL, to_all("a")) == 0
    assert box.errcode(ALL, to_all("b")) == 45028
    assert box.errcode(LIST, text(touser=box.fans(2))) == 48001
    box.pass_time(DAY)
    assert box.errcode(ALL, to_all("b")) == 0


def test_a_service_account_sends_to_all_four_times_a_month_once_a_day(box: Box) -> None:
    box.set_clock("2026-03-05T12:00:00+08:00")
    box.fan()
    assert [box.errcode(ALL, to_all(content)) for content in ("a", "b")] == [0, 45028]
    for content in ("b", "c", "d"):
        box.pass_time(DAY)
        assert box.errcode(ALL, to_all(content)) == 0
    box.pass_time(DAY)
    assert box.errcode(ALL, to_all("e")) == 45028


def test_a_fan_of_a_service_account_gets_four_a_month(answered: Box, echo: Echo) -> None:
    answered.set_clock("2026-03-05T12:00:00+08:00")
    first, second = answered.fans(2)
    third = answered.fan()
    for content in "abcd":
        assert answered.errcode(LIST, text(content, touser=[first, second])) == 0
    answered.post(LIST, text("e", touser=[first, third]))
    assert [row["openid"] for row in booked(answered, "mass")][8:] == [third]
    last = max(finish(echo, 5), key=lambda event: int(event._data["MsgID"]))
    assert [last._data[name] for name in ("TotalCount", "SentCount", "ErrorCount")] == ["2", "1", "1"]
    answered.set_clock("2026-04-01T12:00:00+08:00")
    answered.post(LIST, text("f", touser=[first, third]))
    assert [row["openid"] for row in booked(answered, "mass")][9:] == [first, third]


def test_sixty_calls_a_minute(box: Box) -> None:
    fans = box.fans(2)
    codes = [box.errcode(LIST, text(str(number), touser=fans)) for number in range(61)]
    assert codes == [0] * 60 + [45011]
    box.pass_time(60)
    assert box.errcode(LIST, text("61", touser=fans)) == 0


def test_a_preview_costs_nothing(box: Box) -> None:
    fan = box.fan()
    subscription(box)
    assert box.post("/cgi-bin/message/mass/preview", text(touser=fan))["errmsg"] == "preview success"
    assert box.errcode("/cgi-bin/message/mass/preview", text(touser=box.fan(subscribed=False))) == 43004
    assert box.errcode(ALL, to_all()) == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"msgtype": "x"}, 40008), ({"msgtype": "text"}, 40008), ({"msgtype": "text", "text": {}}, 44004),
        ({"msgtype": "image", "image": {"media_id": "gone"}}, 40007), ({"msgtype": "images", "images": {"media_ids": []}}, 41006),
        ({"msgtype": "mpnews", "mpnews": {}}, 41006),
    ],
)  # fmt: skip
def test_refusals_of_content(box: Box, values: dict[str, Any], code: int) -> None:
    assert box.errcode(ALL, {"filter": {"is_to_all": True}, **values}) == code


def test_an_article_has_a_data_id_and_can_be_deleted(box: Box) -> None:
    box.fan()
    sent = box.post(ALL, {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": "draft"}})
    assert sent["msg_data_id"]
    number = {"msg_id": sent["msg_id"]}
    assert box.errcode("/cgi-bin/message/mass/delete", number) == 0
    assert box.post("/cgi-bin/message/mass/get", number)["msg_status"] == "DELETE"
    assert box.errcode("/cgi-bin/message/mass/get", {"msg_id": 1}) == 40059
