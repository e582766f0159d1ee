"""The allowance of customer-service messages: five in 48 hours, three in a minute, and nothing for a page opened."""

from __future__ import annotations

from typing import Any

import pytest

from tests.saas.simulator.conftest import Box

SEND = "/cgi-bin/message/custom/send"


def send(box: Box, openid: str) -> int:
    return box.errcode(SEND, {"touser": openid, "msgtype": "text", "text": {"content": "您好"}})


def sent_until_refused(box: Box, openid: str) -> tuple[int, int]:
    codes = [send(box, openid) for _ in range(7)]
    return codes.count(0), codes[-1]


@pytest.mark.parametrize(
    ("act", "messages", "seconds"),
    [
        ({"type": "text", "content": "a"}, 5, 48 * 3600),
        ({"type": "text", "content": "a", "bizmsgmenuid": "1"}, 3, 60),
        ({"type": "menu", "button": {"type": "click", "key": "k", "name": "n"}}, 3, 60),
        ({"type": "menu", "button": {"type": "scancode_push", "key": "k", "name": "n"}}, 3, 60),
        ({"type": "scan", "scene": "s"}, 3, 60),
    ],
)
def test_each_act_grants_its_own(box: Box, act: dict[str, Any], messages: int, seconds: int) -> None:
    fan = box.fan()
    box.act(fan, **act)
    assert sent_until_refused(box, fan) == (messages, 45047)
    box.act(fan, **act)
    box.pass_time(seconds - 5)
    assert send(box, fan) == 0
    box.pass_time(6)
    assert send(box, fan) == 45015


def test_a_follow_grants_three_and_a_page_nothing(box: Box) -> None:
    fan = box.fan(subscribed=False)
    box.act(fan, type="subscribe")
    box.act(fan, type="menu", button={"type": "view", "url": "https://x", "name": "n"})
    assert sent_until_refused(box, fan) == (3, 45047)


def test_a_new_message_starts_afresh(box: Box) -> None:
    fan = box.fan()
    box.act(fan, type="text", content="a")
    assert sent_until_refused(box, fan) == (5, 45047)
    box.act(fan, type="text", content="b")
    assert sent_until_refused(box, fan) == (5, 45047)


def test_who_can_not_be_written_to(box: Box) -> None:
    never, lost, silent = box.fan(subscribed=False), box.fan(), box.fan()
    box.act(lost, type="unsubscribe")
    codes = [send(box, openid) for openid in (never, lost, silent, "o-of-another-account")]
    assert codes == [43004, 45015, 45015, 40003]


def test_a_blocked_fan(box: Box) -> None:
    fan = box.fan()
    box.act(fan, type="text", content="a")
    box.post("/cgi-bin/tags/members/batchblacklist", {"openid_list": [fan]})
    assert send(box, fan) == 43019
    box.post("/cgi-bin/tags/members/batchunblacklist", {"openid_list": [fan]})
    assert send(box, fan) == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"msgtype": "dance", "dance": {}}, 40008),
        ({"msgtype": "text", "text": {}}, 44004),
        ({"msgtype": "text", "text": {"content": "长" * 700}}, 45002),
        ({"msgtype": "image", "image": {"media_id": "nothing"}}, 40007),
        ({"msgtype": "image", "image": {}}, 41006),
        ({"msgtype": "news", "news": {"articles": []}}, 44003),
        ({"msgtype": "news", "news": {"articles": [{"title": "a"}, {"title": "b"}]}}, 45008),
    ],
)
def test_a_wrong_message_uses_nothing_up(box: Box, values: dict[str, Any], code: int) -> None:
    fan = box.fan()
    box.act(fan, type="text", content="a")
    assert box.errcode(SEND, {"touser": fan, **values}) == code
    assert sent_until_refused(box, fan) == (5, 45047)


def test_what_was_sent_stands_in_the_chat(box: Box) -> None:
    fan = box.fan()
    box.act(fan, type="text", content="a")
    menu = {"head_content": "满意吗？", "list": [{"id": "1", "content": "满意"}], "tail_content": ""}
    assert box.errcode(SEND, {"touser": fan, "msgtype": "msgmenu", "msgmenu": menu}) == 0
    news = {"articles": [{"title": "t", "description": "d", "url": "u", "picurl": "p"}]}
    assert box.errcode(SEND, {"touser": fan, "msgtype": "news", "news": news}) == 0
    kinds = [row["content"]["type"] for row in box.sim(f"/fans/{fan}/messages")["items"]]
    assert kinds == ["msgmenu", "news"]


def test_typing_shows_and_ends(box: Box) -> None:
    fan = box.fan()
    typing = {"touser": fan, "command": "Typing"}
    assert box.errcode("/cgi-bin/message/custom/typing", typing) == 45015
    box.act(fan, type="text", content="a")
    assert box.errcode("/cgi-bin/message/custom/typing", typing) == 0
    assert box.client.get(f"/phone/{box.app_id}/{fan}/chat").json["typing"] is True
    assert box.errcode("/cgi-bin/message/custom/typing", {**typing, "command": "CancelTyping"}) == 0
    assert box.client.get(f"/phone/{box.app_id}/{fan}/chat").json["typing"] is False
    assert box.errcode("/cgi-bin/message/custom/typing", {**typing, "command": "Dance"}) == 45072
