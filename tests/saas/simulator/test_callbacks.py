"""Pushes: three modes, retries, refusals, MarkFail, duplicates and disorder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from wechatpy.replies import ArticlesReply, ImageReply, TransferCustomerServiceReply
from werkzeug.wrappers import Response

from tests.saas.simulator.conftest import ACCOUNT, Box
from tests.saas.simulator.echo import Echo

FAILURE = "该公众号暂时无法提供服务，请稍后再试"


def origins(box: Box, openid: str) -> list[str]:
    return [line["origin"] for line in box.client.get(f"/phone/{box.app_id}/{openid}/chat").json["lines"]]


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
def test_a_text_is_answered_in_every_mode(answered: Box, echo: Echo, mode: str) -> None:
    answered.client.post("/_sim/accounts", json={**ACCOUNT, "mode": mode})
    echo.mode = mode
    fan = answered.fan()
    result = answered.act(fan, type="text", content="优惠")
    assert (result["status"], result["deliveries"]) == ("answered", 1)
    assert result["reply"] == {"type": "text", "content": "echo:优惠"}
    assert result["ms"] > 0
    assert ("msg_signature" in echo.queries[0]) is (mode != "plain")
    assert echo.queries[0]["openid"] == fan
    assert origins(answered, fan) == ["fan", "passive"]


def test_the_address_is_verified(answered: Box, box: Box) -> None:
    assert answered.sim("/verify", {}) == {"verified": True}
    assert box.sim("/verify", {}) == {"verified": False}


def test_success_and_silence_show_nothing(answered: Box, echo: Echo) -> None:
    fan = answered.fan()
    for raw in (Response("success"), Response("")):
        echo.raw = raw
        assert answered.act(fan, type="text", content="a")["status"] == "empty"
    assert origins(answered, fan) == ["fan", "fan"]
    assert len(echo.seen) == 2


@pytest.mark.parametrize(
    "raw",
    [
        Response("<html>"), Response('{"ok":1}'), Response("success", 503), Response(" success"), Response("<xml></xml>"),
        Response(b"\xff\xfe"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_tried_three_times_then_shown_as_failure(answered: Box, echo: Echo, raw: Response) -> None:
    echo.raw = raw
    fan = answered.fan()
    result = answered.act(fan, type="text", content="a")
    assert (result["status"], result["deliveries"]) == ("failed", 3)
    assert origins(answered, fan) == ["fan", "failure"]
    assert len({message.id for message in echo.seen}) == 1
    assert len({query["nonce"] for query in echo.queries}) == 3


def test_tries_are_the_set_time_apart(make_box: Callable[..., Box], echo: Echo) -> None:
    box = make_box(callback_url=echo.url, answer_within=0.05, retry_after=0.2)
    echo.delay = 5
    assert box.act(box.fan(), type="text", content="a")["deliveries"] == 3
    echo.delay = 0
    box.client.put("/_sim/settings", json={"answer_within": 20.0})
    second = box.act(box.fan(), type="text", content="b")
    assert second["deliveries"] == 1


def test_a_failed_event_without_a_chat_shows_nothing(answered: Box, echo: Echo) -> None:
    echo.raw = Response("", 500)
    fan = answered.fan()
    answered.act(fan, type="event", event="TEMPLATESENDJOBFINISH", fields={"MsgID": 1, "Status": "success"})
    answered.act(fan, type="report_location", latitude=31.2, longitude=121.4)
    assert "failure" not in origins(answered, fan)


def test_an_answer_for_somebody_else_is_refused(answered: Box, echo: Echo) -> None:
    fan = answered.fan()
    answered.client.post("/_sim/accounts", json={**ACCOUNT, "mode": "plain"})
    echo.mode = "plain"
    echo.raw = Response(
        "<xml><ToUserName>o</ToUserName><FromUserName>g</FromUserName><CreateTime>1</CreateTime>"
        "<MsgType>text</MsgType><Content>x</Content></xml>"
    )
    tries = answered.act(fan, type="text", content="a")["tries"]
    assert "other side" in tries[0]["fault"]


def test_rich_answers_are_read(answered: Box, echo: Echo) -> None:
    def news(message: Any) -> Any:
        reply = ArticlesReply(message=message)
        for number in range(3):
            reply.add_article({"title": f"t{number}", "description": "d", "image": "p", "url": "u"})
        return reply

    echo.answer = news
    fan = answered.fan()
    assert answered.act(fan, type="text", content="a")["reply"] == {
        "type": "news", "title": "t0", "description": "d", "picture_url": "p", "url": "u",
    }  # fmt: skip
    echo.answer = lambda message: TransferCustomerServiceReply(message=message)
    assert answered.act(fan, type="text", content="a")["reply"] == {"type": "transfer_customer_service"}


def test_an_unknown_media_is_a_bad_answer(answered: Box, echo: Echo) -> None:
    echo.answer = lambda message: ImageReply(message=message, media_id="nothing")
    result = answered.act(answered.fan(), type="text", content="a")
    assert "media_id" in result["tries"][0]["fault"]


def test_mark_fail_silences_the_account_for_a_while(make_box: Callable[..., Box], echo: Echo) -> None:
    box = make_box(callback_url=echo.url, tries=1, mark_fail_after=2, mark_fail_for=60)
    fan = box.fan()
    echo.raw = Response("", 500)
    statuses = [box.act(fan, type="text", content="a")["status"] for _ in range(3)]
    assert statuses == ["failed", "failed", "blocked"]
    assert len(echo.seen) == 2


def test_a_duplicate_is_the_same_message_again(answered: Box, echo: Echo) -> None:
    answered.sim("/faults", {"duplicate": 2})
    assert answered.act(answered.fan(), type="text", content="a")["deliveries"] == 3
    assert len({message.id for message in echo.seen}) == 1


def test_disorder_swaps_two_neighbours(answered: Box, echo: Echo) -> None:
    answered.sim("/faults", {"reorder": True})
    fan = answered.fan()
    assert answered.act(fan, type="text", content="first")["status"] == "held"
    assert answered.act(fan, type="text", content="second")["status"] == "answered"
    assert [message.content for message in echo.seen] == ["second", "first"]
    statuses = [row["status"] for row in answered.sim(f"/fans/{fan}/deliveries")["items"]]
    assert statuses == ["answered", "answered"]


def test_nothing_secret_is_logged(answered: Box, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="saas")
    fan = answered.fan()
    answered.act(fan, type="text", content="悄悄话")
    answered.post("/cgi-bin/message/custom/send", {"touser": "o-unknown", "msgtype": "text", "text": {"content": "x"}})
    for secret in (fan, "悄悄话", ACCOUNT["app_secret"], ACCOUNT["encoding_aes_key"], "access_token="):
        assert secret not in caplog.text
