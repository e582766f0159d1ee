"""Every message and event of docs/protocol.md, 4, read from what WeChat sends."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas.wechat import messages as m
from saas.wechat.xml_reader import read
from tests.factories.callbacks import OPENID
from tests.factories.inbound_samples import EVENTS, MESSAGES

OUTER = (
    "<ToUserName><![CDATA[gh_5f0c2a9d17be]]></ToUserName>"
    f"<FromUserName><![CDATA[{OPENID}]]></FromUserName><CreateTime>1760000001</CreateTime>"
)


def message(inner):
    raw = f"<xml>{OUTER}{inner}</xml>".encode()
    return m.message_from(read(raw), raw)


def event(name, inner=""):
    return message(f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>{inner}")


def plain(kind, inner):
    return message(f"<MsgType><![CDATA[{kind}]]></MsgType>{inner}<MsgId>24698213377452001</MsgId>")


@pytest.mark.parametrize(("kind", "inner", "form", "expected"), MESSAGES)
def test_messages(kind, inner, form, expected):
    found = plain(kind, inner)
    assert type(found) is form
    assert {name: getattr(found, name) for name in expected} == expected
    assert (found.openid, found.original_id, found.created_at) == (OPENID, "gh_5f0c2a9d17be", 1760000001)
    assert found.msg_id == "24698213377452001"


@pytest.mark.parametrize(("name", "inner", "form", "expected"), EVENTS)
def test_events(name, inner, form, expected):
    for spelling in (name, name.upper(), name.lower()):
        found = event(spelling, inner)
        assert type(found) is form
        assert (found.event, found.event_name) == (spelling, name.lower())
        assert {field: getattr(found, field) for field in expected} == expected
        assert found.msg_id is None


def test_every_form_has_a_sample():
    sampled = {form for *_, form, _ in MESSAGES + EVENTS}
    assert {*m.MESSAGES.values(), *m.EVENTS.values()} == sampled


@pytest.mark.parametrize("kind", ["file", "miniprogrampage", "sticker"])
def test_unknown_messages_are_kept_raw(kind):
    found = plain(kind, "<Title>a</Title><FileInfo><Size>3</Size></FileInfo>")
    assert type(found) is m.Unknown
    assert found.raw_fields["FileInfo.Size"] == "3"
    assert found.identity == "24698213377452001"


def test_an_unknown_message_needs_no_id():
    one, other = (message(f"<MsgType>new</MsgType><A>{value}</A>") for value in "12")
    assert one.identity != other.identity


def test_unknown_events_are_kept_raw():
    found = event("brand_new", "<Detail><item><A>1</A></item></Detail>")
    assert type(found) is m.UnknownEvent
    assert found.raw_fields["Detail.item.0.A"] == "1"


@pytest.mark.parametrize("field", ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId"])
def test_without_a_field_there_is_no_text(field):
    whole = {"ToUserName": "g", "FromUserName": "o", "CreateTime": "1", "MsgType": "text", "Content": "a", "MsgId": "1"}
    del whole[field]
    with pytest.raises(m.Missing):
        m.message_from(whole, b"")


@pytest.mark.parametrize(
    "changes",
    [
        {"FromUserName": ""},
        {"FromUserName": "o" * 129},
        {"FromUserName": {"a": "b"}},
        {"CreateTime": "soon"},
        {"CreateTime": "１７６"},
        {"CreateTime": "--1"},
        {"CreateTime": "9" * 20},
        {"CreateTime": str(2**63)},
        {"Content": {"a": "b"}},
        {"MsgType": "location", "Location_X": "nan", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "1_0", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "１", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "9" * 50, "Location_Y": "1"},
        {"MsgType": "location", "Location_X": ".", "Location_Y": "1"},
        {"MsgType": "location", "Location_X": "1"},
        {"MsgType": "event"},
    ],
)
def test_a_wrong_field_is_a_missing_one(changes):
    whole = {"ToUserName": "g", "FromUserName": "o", "CreateTime": "1", "MsgType": "text", "Content": "a", "MsgId": "1"}
    with pytest.raises(m.Missing):
        m.message_from({**whole, **changes}, b"")


@pytest.mark.parametrize(
    ("spelled", "number"), [("31.23", 31.23), ("-0.5", -0.5), ("+1.", 1.0), (".5", 0.5), (" 1e-3\n", 0.001)]
)
def test_decimals_are_read_as_they_are_written(spelled, number):
    assert event("LOCATION", f"<Latitude>{spelled}</Latitude><Longitude>1</Longitude>").latitude == number


def test_records_are_frozen_and_tell_nothing_when_printed():
    found = plain("text", "<Content>secret</Content>")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.content = "x"
    assert not hasattr(found, "__dict__")
    assert (repr(found), str([found])) == ("<Text>", "[<Text>]")


def test_a_record_made_by_hand_carries_its_kind():
    assert m.Text(openid="o", created_at=1, content="a").msg_type == "text"
    assert m.ShortVideo(openid="o", created_at=1, media_id="a").msg_type == "shortvideo"
    assert m.Scan(openid="o", created_at=1).event == "SCAN"
    assert m.Scan(openid="o", created_at=1).msg_type == "event"


TREES = st.dictionaries(
    st.sampled_from(["MsgType", "Event", "Content", "MsgId", "CreateTime", "SendPicsInfo", "Latitude", "EventKey"]),
    st.text(max_size=9)
    | st.sampled_from(["text", "event", "SCAN", "location", "1e999", "-"])
    | st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2)
    | st.lists(st.text(max_size=3) | st.dictionaries(st.text(max_size=3), st.text(max_size=3)), max_size=2),
)


@given(TREES)
def test_any_tree_is_a_message_or_misses_something(tree):
    try:
        found = m.message_from({"ToUserName": "g", "FromUserName": "o", "CreateTime": "1", **tree}, b"")
        assert found.identity is not None
    except m.Missing:
        pass
