"""From the replies of a rule to one answer."""

from __future__ import annotations

import pytest

from saas.wechat.replies import (
    ImageReply,
    MusicReply,
    NewsReply,
    Reply,
    TextReply,
    TransferReply,
    VideoReply,
    VoiceReply,
)
from tenants.rules.domain.places import Place
from tenants.rules.domain.replying import Outcome, Shelf, media_of, outcome
from tenants.rules.domain.stimulus import Stimulus
from tenants.rules.domain.triggers import ReplySpec

SHELF = Shelf(
    media={"ours": "theirs", "cover": "thumb"},
    places=(Place("国贸店", ("咖啡",), "建国路88号", "北京市", "朝阳区", 39.9, 116.4),),
    effects={"hand_over": "hand_over"},
)
HELLO = ReplySpec("text", {"content": "您好"})
PICTURE = ReplySpec("image", {"media_id": "ours"})
UNSENT = ReplySpec("image", {"media_id": "new"})


def result(*replies: ReplySpec, text: str = "你好") -> Outcome:
    return outcome(replies, Stimulus(text=text), SHELF)


@pytest.mark.parametrize(
    ("spec", "reply"),
    [
        (HELLO, TextReply("您好")),
        (PICTURE, ImageReply("theirs")),
        (ReplySpec("voice", {"media_id": "ours"}), VoiceReply("theirs")),
        (ReplySpec("video", {"media_id": "ours", "title": "片"}), VideoReply("theirs", "片", "")),
        (
            ReplySpec("music", {"url": "https://a.test/1.mp3", "title": "歌", "thumb_media_id": "cover"}),
            MusicReply("thumb", "歌", "", "https://a.test/1.mp3", ""),
        ),
        (
            ReplySpec("news", {"title": "新品", "url": "https://a.test"}),
            NewsReply("新品", "", "", "https://a.test"),
        ),
        (ReplySpec("transfer_customer_service"), TransferReply(None)),
        (ReplySpec("transfer_customer_service", {"kf_account": "lily@x"}), TransferReply("lily@x")),
        (ReplySpec("none"), None),
        (UNSENT, None),
        (ReplySpec("hand_over"), None),
        (ReplySpec("hand_over", {"content": "请稍候"}), TextReply("请稍候")),
    ],
)
def test_each_type_makes_its_reply(spec: ReplySpec, reply: Reply | None) -> None:
    assert result(spec).reply == reply


def test_the_first_that_can_be_delivered_is_the_answer() -> None:
    assert result(UNSENT, PICTURE, HELLO) == Outcome(ImageReply("theirs"), 1, ())


def test_silence_ends_the_search() -> None:
    assert result(UNSENT, ReplySpec("none"), HELLO) == Outcome(None, None, ())


def test_effects_come_with_whatever_is_sent() -> None:
    over = ReplySpec("hand_over")
    assert result(over, HELLO, over) == Outcome(TextReply("您好"), 1, ("hand_over",))
    assert result(HELLO, over) == Outcome(TextReply("您好"), 0, ("hand_over",))
    complaint = ReplySpec("hand_over", {"reason": "complaint"})
    assert result(complaint) == Outcome(None, None, ("hand_over", "complaint"))


def test_the_nearest_store_by_what_was_said() -> None:
    reply = result(ReplySpec("nearest_store", {"service": "咖啡"}), text="北京朝阳有店吗").reply
    assert isinstance(reply, TextReply)
    assert "国贸店" in reply.content


def test_the_media_that_replies_show() -> None:
    music = ReplySpec("music", {"url": "https://a.test", "thumb_media_id": "cover"})
    assert media_of([HELLO, PICTURE, music]) == {"ours", "cover"}
