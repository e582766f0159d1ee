"""The reader: what it takes, what it refuses, and that nothing else can happen."""

from __future__ import annotations

import contextlib
import time
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from saas.wechat import xml_reader
from saas.wechat.xml_reader import Forbidden, Malformed, find, flatten, read


def test_texts_elements_and_lists():
    tree = read(b"<xml><A>1</A><B><C> x </C></B><L><item><D>1</D></item></L></xml>")
    assert tree == {"A": "1", "B": {"C": " x "}, "L": {"item": [{"D": "1"}]}}
    assert flatten(tree) == {"A": "1", "B.C": " x ", "L.item.0.D": "1"}
    assert (find(tree, "B/C"), find(tree, "A/C"), find(tree, "Z")) == (" x ", None, None)


def test_one_and_many_look_alike():
    one = read(b"<xml><P><List><T>a</T></List></P></xml>")
    many = read(b"<xml><P><List><T>a</T></List><List><T>b</T></List></P></xml>")
    assert one["P"]["List"] == [{"T": "a"}]
    assert many["P"]["List"] == [{"T": "a"}, {"T": "b"}]


def test_cdata_entities_and_white_space():
    assert read(b"<xml>\n <A><![CDATA[<b>&amp;]]]]><![CDATA[>]]></A>\n <B>&lt;&#20013;</B></xml>") == {
        "A": "<b>&amp;]]>",
        "B": "<中",
    }


def test_a_fan_may_type_a_declaration():
    assert read(b"<xml><A><![CDATA[<!DOCTYPE html><!ENTITY x>]]></A></xml>")["A"] == "<!DOCTYPE html><!ENTITY x>"


def test_a_byte_order_mark_is_passed_over():
    assert read("\ufeff<xml><A>1</A></xml>".encode()) == {"A": "1"}


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">%s]><xml><A>&b;</A></xml>'


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE xml><xml/>",
        b"<!doctype xml><xml/>",
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:1/canary">]><xml><A>&e;</A></xml>',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/canary"> %p;]><xml/>',
        BOMB % b"",
        BOMB % b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">',
        b"<!-- <![CDATA[ --><!DOCTYPE x><!-- ]]> --><xml/>",
        b"<xml><A>1</A><!DOCTYPE x></xml>",
        b"<xml><![CDATA[<!ENTITY",
        b"<xml><A>1</A><A>2</A></xml>",
        b"<xml><appid>1</appid><B/><appid>1</appid></xml>",
        b"<xml><item>1</item><item>2</item></xml>",
        b"<xml><L><C>1</C><C>2</C></L></xml>",
        b"<xml><a><b><c><d><e><f/></e></d></c></b></a></xml>",
        b"<xml>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</xml>",
        b"<xml><L>" + b"<item>1</item>" * 101 + b"</L></xml>",
    ],
)
def test_what_no_callback_needs_is_refused(body):
    with pytest.raises(Forbidden):
        read(body)


def test_six_levels_and_a_hundred_items_are_taken():
    assert read(b"<xml><a><b><c><d><e>1</e></d></c></b></a></xml>")
    assert len(read(b"<xml><L>" + b"<item>1</item>" * 100 + b"</L></xml>")["L"]["item"]) == 100


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{}",
        b'{"ToUserName":"gh"}',
        b"<xml>",
        b"<xml><A>1</xml>",
        b"<xml><A>1</A></xml><xml/>",
        b"<html/>",
        b"<XML/>",
        b"<xml><A>\x00</A></xml>",
        b"<xml><A>&#0;</A></xml>",
        b"<xml><A>&#xD800;</A></xml>",
        b"<xml><A>\xed\xa0\x80</A></xml>",
        b"<xml><A>\xff\xfe</A></xml>",
        b"<xml><A>&unknown;</A></xml>",
        "<xml><A>中</A></xml>".encode("utf-16"),
        "<xml><A>1</A></xml>".encode("utf-16-le"),
        "<xml><A>1</A></xml>".encode("utf-16-be"),
        "<xml><A>\ufffe</A></xml>".encode(),
        "<xml><A>中</A></xml>".encode("gb18030"),
        b"<xml><A><![CDATA[x</A></xml>",
    ],
)
def test_what_is_no_document_is_named_so(body):
    with pytest.raises(Malformed):
        read(body)


def test_the_declared_encoding_is_not_believed():
    assert read('<?xml version="1.0" encoding="gb2312"?><xml><A>中</A></xml>'.encode()) == {"A": "中"}
    assert read(b'<?xml version="1.0" encoding="utf-7"?><xml><A>+ADw-</A></xml>') == {"A": "+ADw-"}


@pytest.mark.parametrize(
    "body",
    [
        b"<xml>" + b"<a>" * 13000,
        b"<xml><A>" + b"&lt;" * 16000 + b"</A></xml>",
        b"<!" * 32000,
        b"<![CDATA[" * 7000 + b"<!ENTITY",
        b"<xml>" + b"<A><![CDATA[" * 5000,
        b"<xml>" + b"<A>" + b"x" * 65000,
        b"<xml>" + b"".join(b"<a%d/>" % number for number in range(7000)) + b"</xml>",
    ],
)
def test_bombs_take_little_time_and_memory(body):
    tracemalloc.start()
    started = time.thread_time()  # what this thread works: a machine that stands still costs nothing
    with contextlib.suppress(Forbidden, Malformed):
        read(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.thread_time() - started < 0.5
    assert peak < 20_000_000


NAMES = st.sampled_from(["A", "B", "item", "List", "MsgType", "Content", "xml"])
PIECES = st.recursive(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
    | st.sampled_from(["]]>", "<!DOCTYPE x>", "&a;", "<![CDATA["]),
    lambda inner: st.lists(st.tuples(NAMES, inner), max_size=4).map(
        lambda children: "".join(f"<{name}>{value}</{name}>" for name, value in children)
    ),
    max_leaves=12,
)


SIGNS = st.sampled_from([*"<>&]/ \t\n\r\x01\x7f\x85\ufffe\uffff\ufeff中𝄞A1", "<![CDATA[", "]]>", "]]"])
FIELD_NAMES = st.sampled_from(["A", "b_1", "_", "-", "1A", "A ", "中", "item", "xml"])
FIELDS = st.tuples(
    FIELD_NAMES, st.sampled_from(["", "]]>"]), st.lists(SIGNS, max_size=4), FIELD_NAMES, SIGNS | st.just("")
)


@given(st.lists(FIELDS, max_size=4))
@example([("A", "]]>", ["中", "<"], "A", "\n")])
def test_the_short_way_reads_what_expat_reads(parts):
    text = "<xml>"
    for opening, end, signs, closing, between in parts:
        start = "<![CDATA[" if end else ""
        text += f"<{opening}>{start}{''.join(signs)}{end}</{closing}>{between}"
    short = xml_reader._read_flat(text + "</xml>")
    if short is not None:
        assert short == xml_reader._read_any(text + "</xml>")


def test_the_usual_callback_goes_the_short_way():
    text = "<xml>\n<A><![CDATA[<优惠&]]></A>\n<B>1</B><C></C></xml>"
    assert xml_reader._read_flat(text) == xml_reader._read_any(text) == {"A": "<优惠&", "B": "1", "C": ""}


@given(PIECES)
def test_any_piece_is_read_or_refused(piece):
    _read_or_refuse(f"<xml>{piece}</xml>".encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body):
    _read_or_refuse(body)
    _read_or_refuse(b"<xml><A>" + body + b"</A></xml>")


def _read_or_refuse(body):
    with contextlib.suppress(Forbidden, Malformed):
        assert isinstance(read(body), dict)
