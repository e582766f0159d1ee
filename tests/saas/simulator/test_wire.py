"""Signatures and encryption against the official vectors; XML that can't be broken out of."""

from __future__ import annotations

import base64

import pytest
from wechatpy.crypto import PrpCrypto, WeChatCrypto

from saas.simulator import wire
from saas.simulator.accounts import Account
from tests.saas.simulator.echo import AES_KEY, APP_ID, TOKEN

OFFICIAL = [
    ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
    ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ("1715943329", "1590219412", "cc0c594499c1634947d5b502f158ee518947db27"),
]
SEALED = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
XML = "<xml><Content><![CDATA[我是中文abcd123]]></Content></xml>"


def account(mode: str = "safe") -> Account:
    return Account(
        app_id=APP_ID, original_id="gh_1", name="", app_secret="", token=TOKEN, encoding_aes_key=AES_KEY, mode=mode
    )


@pytest.mark.parametrize(("timestamp", "nonce", "signature"), OFFICIAL)
def test_official_signatures(timestamp: str, nonce: str, signature: str) -> None:
    assert wire.sign("AAAAA", timestamp, nonce) == signature


def test_official_ciphertext(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PrpCrypto, "get_random_string", lambda self: "aaaabbbbccccdddd")
    sealed = wire.seal(account(), "我是中文abcd123", openid="o1", now=1)
    assert SEALED in sealed.body
    assert base64.b64decode(SEALED)


def test_plain_mode_sends_clear_text_without_second_signature() -> None:
    sealed = wire.seal(account("plain"), XML, openid="o1", now=1)
    assert sealed.body == XML
    assert set(sealed.query) == {"signature", "timestamp", "nonce", "openid"}


def test_compatible_mode_sends_both() -> None:
    body = wire.parse(wire.seal(account("compatible"), XML, openid="o1", now=1).body)
    assert set(body) == {"Content", "Encrypt"}


def test_safe_mode_sends_only_the_ciphertext() -> None:
    sealed = wire.seal(account(), XML, openid="o1", now=1)
    assert set(wire.parse(sealed.body)) == {"ToUserName", "Encrypt"}
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    query = sealed.query
    assert crypto.decrypt_message(sealed.body, query["msg_signature"], query["timestamp"], query["nonce"]) == XML


def test_an_answer_is_opened_with_its_signature() -> None:
    sealed = WeChatCrypto(TOKEN, AES_KEY, APP_ID).encrypt_message(XML, "n1", "1760000000")
    assert wire.open_answer(account(), sealed) == XML
    with pytest.raises(ValueError, match="Signature"):
        wire.open_answer(account(), sealed.replace("<Nonce><![CDATA[n1", "<Nonce><![CDATA[n2"))


@pytest.mark.parametrize("mode", ["plain", "safe"])
def test_an_answer_in_the_wrong_mode_is_refused(mode: str) -> None:
    sealed = WeChatCrypto(TOKEN, AES_KEY, APP_ID).encrypt_message(XML, "n1", "1760000000")
    with pytest.raises(ValueError, match="mode"):
        wire.open_answer(account(mode), sealed if mode == "plain" else XML)


@pytest.mark.parametrize("text", ["]]>", "a]]><Evil>x</Evil>", "&lt;<b>", "换行\n行"])
def test_text_stays_text(text: str) -> None:
    assert wire.parse(wire.build({"Content": text}))["Content"] == text


@pytest.mark.parametrize("body", ["", "ok", "{}", "<html></html>", "<xml></xml>", "<!DOCTYPE x><xml><a>1</a></xml>"])
def test_anything_else_is_no_answer(body: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- each has a reason of its own
        wire.parse(body)
