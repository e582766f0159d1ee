"""Signatures and sealed messages: the official vectors, wechatpy as the other side, and damage of every kind."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from saas.wechat.crypto import Undecipherable, aes_key, decrypt, encrypt, is_signed, sign
from tests.factories.callbacks import AES_KEY, sealed_text

APP_ID = "wxb11529c136998cb6"
KEY = aes_key(AES_KEY)
SEALED = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="


@pytest.mark.parametrize(
    ("stamp", "nonce", "signature"),
    [
        ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        ("1715943329", "1590219412", "cc0c594499c1634947d5b502f158ee518947db27"),
    ],
)
def test_official_signatures(stamp, nonce, signature):
    assert sign("AAAAA", stamp, nonce) == signature
    assert is_signed(signature, "AAAAA", stamp, nonce)
    assert not is_signed(signature, "AAAAB", stamp, nonce)
    assert not is_signed("", "AAAAA", stamp, nonce)
    assert not is_signed("签名", "AAAAA", stamp, nonce)


def test_the_official_sealed_message():
    message = "我是中文abcd123".encode()
    assert encrypt(message, key=KEY, app_id=APP_ID, random=b"aaaabbbbccccdddd") == SEALED
    assert decrypt(SEALED, key=KEY, app_id=APP_ID) == message


@given(st.binary(max_size=200))
def test_what_is_sealed_opens(message):
    assert decrypt(encrypt(message, key=KEY, app_id=APP_ID), key=KEY, app_id=APP_ID) == message


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=100))
def test_wechatpy_and_we_understand_each_other(words):
    assert decrypt(sealed_text(words.encode(), APP_ID), key=KEY, app_id=APP_ID).decode() == words
    assert PrpCrypto(KEY).decrypt(encrypt(words.encode(), key=KEY, app_id=APP_ID), APP_ID) == words


def test_the_last_character_of_a_key_may_be_sloppy():
    assert aes_key(AES_KEY[:-1] + "H") == aes_key(AES_KEY)


@pytest.mark.parametrize("key", ["", "short", "!" * 43, AES_KEY + "AAAA", "ключ" * 11])
def test_a_wrong_key_is_named_so(key):
    with pytest.raises(Undecipherable):
        aes_key(key)


RAW = base64.b64decode(SEALED)


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "not base64",
        "密文",
        SEALED[:-4],
        base64.b64encode(RAW[:-1]).decode(),
        base64.b64encode(RAW[:-16]).decode(),
        base64.b64encode(RAW[:16]).decode(),
        base64.b64encode(bytes([RAW[0] ^ 1]) + RAW[1:-1] + bytes([RAW[-1] ^ 1])).decode(),
        base64.b64encode(bytes(64)).decode(),
    ],
)
def test_damage_does_not_open(sealed):
    with pytest.raises(Undecipherable):
        decrypt(sealed, key=KEY, app_id=APP_ID)


def test_a_message_for_another_app_does_not_open():
    with pytest.raises(Undecipherable):
        decrypt(SEALED, key=KEY, app_id="wx0000000000000000")
    with pytest.raises(Undecipherable):
        decrypt(SEALED, key=aes_key(AES_KEY[::-1]), app_id=APP_ID)


@given(st.binary(max_size=128))
def test_any_bytes_open_or_are_refused(data):
    with contextlib.suppress(Undecipherable):
        decrypt(base64.b64encode(data).decode(), key=KEY, app_id=APP_ID)
