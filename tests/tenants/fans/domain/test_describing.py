"""What messages and answers look like in a timeline."""

from __future__ import annotations

from typing import Any

import pytest

from saas.wechat.messages import EVENTS, MESSAGES, Link, Location, TemplateSent, Voice, read_as
from saas.wechat.replies import ImageReply, MusicReply, NewsReply, TransferReply
from tenants.fans.domain.describing import describe, describe_reply

FILLED = {
    "ToUserName": "gh", "FromUserName": "o1", "CreateTime": "1", "MsgId": "1", "MediaId": "m", "Content": "c", "Url": "u", "OpenID": "o2",
    "Location_X": "1", "Location_Y": "2", "Latitude": "1", "Longitude": "2",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_message_has_its_own_type(name: str) -> None:
    assert describe(read_as(MESSAGES[name], {**FILLED, "MsgType": name}, b"")).type == name


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_is_an_event(name: str) -> None:
    described = describe(read_as(EVENTS[name], {**FILLED, "MsgType": "event", "Event": name}, b""))
    assert described.is_event
    assert described.type == "presence" or described.extra["event"] == name


def test_what_became_of_a_message_is_no_line_of_its_own() -> None:
    report = TemplateSent(openid="o1", event="TEMPLATESENDJOBFINISH", created_at=0, job_id="7", status="success")
    assert describe(report).type == "presence"


def test_words_are_found_where_there_are_any() -> None:
    common: dict[str, Any] = {"openid": "o1", "created_at": 0, "message_id": "1"}
    assert describe(Voice(**common, msg_type="voice", media_id="m", recognition="几点开门")).content == "几点开门"
    assert describe(Location(**common, msg_type="location", latitude=1, longitude=2, label="外滩")).content == "外滩"
    assert describe(Link(**common, msg_type="link", title="菜单", description="新品", url="u")).content == "菜单\n新品"


def test_answers_by_their_kind() -> None:
    assert describe_reply(ImageReply("m")).extra == {"media_id": "m"}
    assert describe_reply(NewsReply("新品", "三款", "p", "u")).content == "新品\n三款"
    assert describe_reply(MusicReply("t", "雨天", "", "u")).type == "music"
    assert describe_reply(TransferReply()).type == "transfer_customer_service"
