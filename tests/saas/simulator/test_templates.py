"""Template messages: who may send which, the key against doubles, the event afterwards, the account's list."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.saas.simulator.conftest import ACCOUNT, Box
from tests.saas.simulator.echo import Echo

SEND = "/cgi-bin/message/template/send"
DATA = {"thing1": {"value": "人民广场店"}, "time2": {"value": "2026年3月5日 15:00"}, "thing3": {"value": "请准时"}}


def template_id(box: Box) -> str:
    return str(box.get("/cgi-bin/template/get_all_private_template")["template_list"][0]["template_id"])


def message(box: Box, fan: str, **changes: Any) -> dict[str, Any]:
    return {"touser": fan, "template_id": template_id(box), "data": DATA, "url": "https://example.test/a", **changes}


def booked(box: Box, channel: str = "template") -> list[dict[str, Any]]:
    found = box.client.get("/_sim/ledger", query_string={"app_id": box.app_id}).json["deliveries"]
    return [one for one in found if one["channel"] == channel]


def finish(echo: Echo, count: int = 1) -> list[Any]:
    """The events of the end, once so many have come."""
    for _ in range(200):
        found = [one for one in echo.seen if one._data.get("Event", "").endswith("JOBFINISH")]
        if len(found) >= count:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{len(found)} events came")


def test_it_arrives_and_its_end_is_told(answered: Box, echo: Echo) -> None:
    fan = answered.fan()
    sent = answered.post(SEND, message(answered, fan))
    assert sent["errcode"] == 0
    [event] = finish(echo)
    assert (event._data["MsgID"], event._data["Status"], event.source) == (str(sent["msgid"]), "success", fan)
    [line] = answered.client.get(f"/phone/{answered.app_id}/{fan}/chat").json["lines"]
    assert (line["origin"], line["content"]["title"]) == ("template", "预约成功通知")
    assert line["content"]["rows"][0] == {"label": "门店名称", "value": "人民广场店"}


def test_the_same_key_is_one_message_for_ten_minutes(answered: Box, echo: Echo) -> None:
    fan, other = answered.fans(2)
    keyed = message(answered, fan, client_msg_id="k1")
    first, again = answered.post(SEND, keyed), answered.post(SEND, keyed)
    assert (again["errcode"], again["msgid"]) == (0, first["msgid"])
    assert len(booked(answered)) == 1
    assert answered.post(SEND, message(answered, other, client_msg_id="k1"))["msgid"] != first["msgid"]
    answered.pass_time(600)
    assert answered.post(SEND, keyed)["msgid"] != first["msgid"]
    assert [one["openid"] for one in booked(answered)] == [fan, other, fan]
    finish(echo, 3)


def test_without_a_key_each_call_is_a_message(box: Box) -> None:
    fan = box.fan()
    for _ in range(2):
        box.post(SEND, message(box, fan))
    assert [one["client_msg_id"] for one in booked(box)] == ["", ""]


def test_who_refuses_them_gets_none(answered: Box, echo: Echo) -> None:
    fan = answered.fan()
    answered.act(fan, type="refuse_templates")
    assert answered.errcode(SEND, message(answered, fan)) == 0
    assert finish(echo)[0]._data["Status"] == "failed:user block"
    assert booked(answered) == []
    answered.act(fan, type="accept_templates")
    answered.post(SEND, message(answered, fan))
    assert finish(echo, 2)[1]._data["Status"] == "success"


def test_any_end_can_be_ordered_also_none(answered: Box, echo: Echo) -> None:
    fan = answered.fan()
    for status in ("none", "failed: system failed"):
        answered.sim("/faults", {"template_status": status})
        answered.post(SEND, message(answered, fan))
    assert [one._data["Status"] for one in finish(echo)] == ["failed: system failed"]
    assert len(booked(answered)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"touser": "o-unknown"}, 40003), ({"template_id": "x"}, 40037), ({"data": {}}, 47003), ({"data": "x"}, 47003),
        ({"data": {**DATA, "thing1": {"value": "好" * 21}}}, 47003), ({"data": {**DATA, "thing1": {"value": ""}}}, 47003),
        ({"data": {**DATA, "thing1": "x"}}, 47003),
    ],
)  # fmt: skip
def test_refusals(box: Box, change: dict[str, Any], code: int) -> None:
    assert box.errcode(SEND, message(box, box.fan(), **change)) == code
    assert booked(box) == []


def test_only_followers_of_service_accounts(box: Box) -> None:
    stranger = box.fan(subscribed=False)
    wanted = message(box, stranger)
    assert box.errcode(SEND, wanted) == 43004
    box.client.post("/_sim/accounts", json={**ACCOUNT, "service_type": "subscription"})
    assert box.errcode(SEND, wanted) == 48001
    assert box.get("/cgi-bin/template/get_all_private_template")["errcode"] == 48001


def test_the_list_of_templates(box: Box) -> None:
    first = template_id(box)
    added = box.post("/cgi-bin/template/api_add_template", {"template_id_short": "44180"})["template_id"]
    listed = box.get("/cgi-bin/template/get_all_private_template")["template_list"]
    assert [one["template_id"] for one in listed] == [first, added]
    assert listed[1]["title"] == "中奖结果通知"
    assert "{{thing1.DATA}}" in listed[1]["content"]
    assert box.errcode("/cgi-bin/template/del_private_template", {"template_id": first}) == 0
    assert box.errcode("/cgi-bin/template/del_private_template", {"template_id": first}) == 40037
    assert box.errcode("/cgi-bin/template/api_add_template", {"template_id_short": "x"}) == 40037
    assert template_id(box) == added, "the sample comes once"


def test_twenty_five_templates_at_most(box: Box) -> None:
    codes = [box.errcode("/cgi-bin/template/api_add_template", {"template_id_short": "44180"}) for _ in range(25)]
    assert codes == [0] * 24 + [45026]


def test_trades(box: Box) -> None:
    assert "primary_industry" in box.get("/cgi-bin/template/get_industry")
    assert box.errcode("/cgi-bin/template/api_set_industry", {"industry_id1": "1", "industry_id2": "2"}) == 0
    assert box.errcode("/cgi-bin/template/api_set_industry", {"industry_id1": "1"}) == 40035
