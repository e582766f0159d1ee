"""Opening and sealing in the three modes, and the order of the refusals."""

from __future__ import annotations

from dataclasses import replace

import pytest
import xmltodict

from saas.db import new_id
from saas.wechat.envelope import MAX_BODY, NOTHING, Refused, Unreadable, open_envelope, seal, verify_url
from saas.wechat.messages import Text
from saas.wechat.ports import Mode
from saas.wechat.replies import TextReply
from tests.factories.callbacks import account_keys, fields, opened, posted, query_of, signed, text_fields

TENANT = new_id()
SEALED_MODES = [Mode.COMPATIBLE, Mode.SAFE]


def refusal(body, query, keys, **named):
    with pytest.raises(Refused) as caught:
        open_envelope(body, query, keys, **named)
    return caught.value.status, caught.value.reason


def clear(keys, words="优惠"):
    return fields(keys, text_fields(words, msg_id=1))


@pytest.mark.parametrize("mode", list(Mode))
def test_each_mode_opens(mode):
    keys = account_keys(TENANT, mode)
    found = open_envelope(*posted(keys, clear(keys)), keys)
    assert isinstance(found, Text)
    assert (found.content, found.raw) == ("优惠", clear(keys).encode())


def test_compatible_mode_ignores_the_clear_part():
    keys = account_keys(TENANT, Mode.COMPATIBLE)
    body, query = posted(keys, clear(keys))
    forged = body.replace("优惠".encode(), b"forged", 1)
    assert forged != body
    assert open_envelope(forged, query, keys).content == "优惠"


@pytest.mark.parametrize("broken", [b"<xml>\x00", b"<xml>\xff", b"<xml>\x1b", b"<xml><a></b>", b""])
def test_what_breaks_the_clear_part_does_not_lose_the_sealed_one(broken):
    keys = account_keys(TENANT, Mode.COMPATIBLE)
    body, query = posted(replace(keys, mode=Mode.SAFE), clear(keys))
    assert open_envelope(body.replace(b"<xml>", broken, 1), query, keys).content == "优惠"
    assert refusal(body.replace(b"<xml>", b"<xml>\x00<Encrypt>AA</Encrypt>", 1), query, keys) == (403, "clear text")
    assert refusal(body.replace(b"<xml>", b"<xml>\x00<!DOCTYPE a>", 1), query, keys)[0] == 400
    safe = replace(keys, mode=Mode.SAFE)
    assert refusal(body.replace(b"<xml>", b"<xml>\x00", 1), query, safe) == (403, "clear text")


@pytest.mark.parametrize("mode", SEALED_MODES)
def test_clear_text_is_refused_where_it_must_be_sealed(mode):
    keys = account_keys(TENANT, mode)
    assert refusal(clear(keys).encode(), query_of(keys), keys) == (403, "clear text")
    assert refusal(b"<xml", query_of(keys), keys) == (403, "clear text")
    assert refusal(b"<xml><Encrypt><a/></Encrypt></xml>", query_of(keys), keys) == (403, "clear text")


def test_sealed_text_is_refused_where_the_key_is_not_used():
    keys = account_keys(TENANT, Mode.SAFE)
    body, query = posted(keys, clear(keys))
    plain = account_keys(TENANT, Mode.PLAIN, token=keys.token)
    assert refusal(body, query, plain) == (403, "mode")


@pytest.mark.parametrize("change", [{"signature": "0" * 40}, {"nonce": "x"}, {"timestamp": "1"}, {"signature": ""}])
@pytest.mark.parametrize("mode", list(Mode))
def test_a_wrong_signature_is_refused(mode, change):
    keys = account_keys(TENANT, mode)
    body, query = posted(keys, clear(keys))
    assert refusal(body, query | change, keys) == (403, "signature")


def test_an_account_without_token_accepts_nobody():
    keys = account_keys(TENANT, token="")
    assert refusal(clear(keys).encode(), query_of(keys), keys) == (403, "signature")


@pytest.mark.parametrize("mode", SEALED_MODES)
def test_a_wrong_msg_signature_is_refused(mode):
    keys = account_keys(TENANT, mode)
    body, query = posted(keys, clear(keys))
    assert refusal(body, query | {"msg_signature": query["signature"]}, keys) == (403, "msg_signature")
    assert refusal(body, {name: query[name] for name in ("signature", "timestamp", "nonce")}, keys)[0] == 403


@pytest.mark.parametrize("odd", ["\ud800", "签名", "\0", "9" * 5000])
@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce", "msg_signature"])
def test_no_query_is_a_fault(name, odd):
    keys = account_keys(TENANT, Mode.SAFE)
    body, query = posted(keys, clear(keys))
    assert refusal(body, query | {name: odd}, keys)[0] == 403


@pytest.mark.parametrize("mode", SEALED_MODES)
def test_another_apps_message_is_refused(mode):
    keys = account_keys(TENANT, mode)
    assert refusal(*posted(keys, clear(keys), app_id="wx0000000000000000"), keys) == (403, "app_id")


def test_another_accounts_key_is_refused():
    keys = account_keys(TENANT, Mode.SAFE)
    other = account_keys(TENANT, Mode.SAFE, token=keys.token, encoding_aes_key="a" * 43, app_id=keys.app_id)
    assert refusal(*posted(keys, clear(keys)), other)[0] == 403


@pytest.mark.parametrize("sealed", ["", "AAAA", "====", "密文", "A" * 64])
def test_damaged_ciphertext_is_refused(sealed):
    keys = account_keys(TENANT, Mode.SAFE)
    proof = signed(keys.token, "1760000000", "nonce-1", sealed)
    body = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    assert refusal(body, query_of(keys, msg_signature=proof), keys)[0] == 403


@pytest.mark.parametrize("mode", list(Mode))
def test_size_comes_before_signature(mode):
    keys = account_keys(TENANT, mode)
    assert refusal(b"x" * (MAX_BODY + 1), {}, keys) == (413, "size")
    assert refusal(b"x" * MAX_BODY, {}, keys) == (403, "signature")


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    "document",
    [
        "<!DOCTYPE x><xml><A/></xml>",
        "<xml><A>1</A><A>2</A></xml>",
        "<xml><a><b><c><d><e><f/></e></d></c></b></a></xml>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><A>&e;</A></xml>',
    ],
)
def test_what_no_callback_needs_is_refused_inside_too(mode, document):
    keys = account_keys(TENANT, mode)
    assert refusal(*posted(keys, document), keys)[0] == 400


@pytest.mark.parametrize("mode", SEALED_MODES)
def test_what_no_callback_needs_is_refused_outside_too(mode):
    keys = account_keys(TENANT, mode)
    body, query = posted(keys, clear(keys))
    assert refusal(b"<!DOCTYPE x>" + body, query, keys)[0] == 400
    assert refusal(body.replace(b"<xml>", b"<xml><Encrypt>x</Encrypt>", 1), query, keys)[0] == 400


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.SAFE])
@pytest.mark.parametrize("content", [b"a\x00b", b"a&#0;b", b"\xed\xa0\x80", b"&#xD800;", b"\xff", "中".encode("gbk")])
def test_signed_but_unreadable_is_put_aside(mode, content):
    keys = account_keys(TENANT, mode)
    raw = clear(keys, "MARK").encode().replace(b"<![CDATA[MARK]]>", content)
    with pytest.raises(Unreadable) as caught:
        open_envelope(*posted(keys, raw), keys)
    assert caught.value.raw == raw


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "MsgId"])
def test_a_missing_field_is_put_aside(mode, name):
    keys = account_keys(TENANT, mode)
    whole = clear(keys)
    start, end = whole.index(f"<{name}>"), whole.index(f"</{name}>") + len(name) + 3
    with pytest.raises(Unreadable, match=name):
        open_envelope(*posted(keys, whole[:start] + whole[end:]), keys)


@pytest.mark.parametrize("mode", list(Mode))
def test_a_message_to_another_account_is_put_aside(mode):
    keys = account_keys(TENANT, mode)
    other = account_keys(TENANT, mode)
    with pytest.raises(Unreadable, match="another account"):
        open_envelope(*posted(keys, clear(other)), keys)


def test_the_addressee_is_not_checked_where_it_is_unknown():
    keys = account_keys(TENANT, original_id="")
    assert open_envelope(*posted(keys, clear(account_keys(TENANT))), keys)


@pytest.mark.parametrize("stamp", ["1759999999", "", "soon", "-1"])
def test_old_time_stamps_are_refused_where_a_window_is_set(stamp):
    keys = account_keys(TENANT)
    query = {"signature": signed(keys.token, stamp, "n"), "timestamp": stamp, "nonce": "n"}
    assert refusal(clear(keys).encode(), query, keys, oldest=1760000000) == (403, "age")
    assert open_envelope(clear(keys).encode(), query, keys)


def test_verification_answers_the_echo_in_every_mode():
    keys = account_keys(TENANT, Mode.SAFE, token="AAAAA")
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    assert verify_url(query, keys) == "4375120948345356249"
    with pytest.raises(Refused):
        verify_url(query | {"nonce": "1"}, keys)


@pytest.mark.parametrize("mode", list(Mode))
def test_an_answer_swaps_the_addresses(mode):
    keys = account_keys(TENANT, mode)
    inbound = open_envelope(*posted(keys, clear(keys)), keys)
    body = seal(TextReply("您好]]>"), inbound, keys)
    answer = xmltodict.parse(body if mode is Mode.PLAIN else opened(keys, body))["xml"]
    assert answer == {
        "ToUserName": inbound.openid,
        "FromUserName": keys.original_id,
        "CreateTime": str(inbound.created_at),
        "MsgType": "text",
        "Content": "您好]]>",
    }


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_is_never_sealed(mode):
    keys = account_keys(TENANT, mode)
    inbound = open_envelope(*posted(keys, clear(keys)), keys)
    assert seal(None, inbound, keys) == NOTHING == "success"
