"""The passive replies as XML and in the journal."""

from __future__ import annotations

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from saas.wechat.replies import (
    KINDS,
    ImageReply,
    MusicReply,
    NewsReply,
    TextReply,
    TransferReply,
    VideoReply,
    VoiceReply,
    element,
    reply_from_json,
)

SAMPLES = [
    (TextReply("a\n<b>"), {"Content": "a\n<b>"}),
    (ImageReply("m1"), {"Image": {"MediaId": "m1"}}),
    (VoiceReply("m1"), {"Voice": {"MediaId": "m1"}}),
    (VideoReply("m1"), {"Video": {"MediaId": "m1"}}),
    (VideoReply("m1", "t", "d"), {"Video": {"MediaId": "m1", "Title": "t", "Description": "d"}}),
    (MusicReply("th"), {"Music": {"ThumbMediaId": "th"}}),
    (
        MusicReply("th", "t", "d", "u", "h"),
        {"Music": {"Title": "t", "Description": "d", "MusicUrl": "u", "HQMusicUrl": "h", "ThumbMediaId": "th"}},
    ),
    (
        NewsReply("t", "d", "p", "u"),
        {
            "ArticleCount": "1",
            "Articles": {"item": {"Title": "t", "Description": "d", "PicUrl": "p", "Url": "u"}},
        },
    ),
    (TransferReply(), None),
    (TransferReply("lily@demo"), {"TransInfo": {"KfAccount": "lily@demo"}}),
]


@pytest.mark.parametrize(("reply", "expected"), SAMPLES)
def test_each_reply_as_xml_and_as_json(reply, expected):
    assert xmltodict.parse(f"<xml>{reply.body()}</xml>")["xml"] == expected
    assert reply_from_json(reply.to_json()) == reply


def test_every_kind_has_a_sample():
    assert {type(reply) for reply, _ in SAMPLES} == set(KINDS)


def test_no_reply_stays_none():
    assert reply_from_json(None) is None


def test_a_newer_releases_field_is_left_out():
    assert reply_from_json({"type": "text", "content": "a", "mood": "b"}) == TextReply("a")


def test_a_reply_tells_nothing_when_printed():
    assert repr(TextReply("secret")) == "<TextReply>"


@given(
    st.text(st.characters(codec="utf-8", categories=["L", "P", "S", "Zs", "N"]), max_size=40) | st.just("a]]>b]]]>>")
)
def test_no_text_breaks_out(words):
    assert (xmltodict.parse(element("A", words), strip_whitespace=False)["A"] or "") == words


def test_what_xml_cannot_carry_is_left_out():
    assert element("A", "a\x00\x08\ud800b\t\n\U0001f600") == "<A><![CDATA[ab\t\n\U0001f600]]></A>"
