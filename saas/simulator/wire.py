"""XML, signatures and encryption of the callbacks, on wechatpy's primitives."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto

from saas.simulator.accounts import Account

MAX_ANSWER = 1_048_576


class Keys(Protocol):
    """What a push is signed and sealed with: an account's, or a platform's."""

    @property
    def app_id(self) -> str:
        """The id at the end of the clear text."""

    @property
    def token(self) -> str:
        """The token that both sides know."""

    @property
    def encoding_aes_key(self) -> str:
        """The key, as 43 characters."""


@dataclass(frozen=True)
class Sealed:
    """A push as it goes over the wire."""

    query: Mapping[str, str]
    body: str


def sign(*parts: str) -> str:
    """Tencent's signature: the SHA-1 of the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 -- Tencent's choice


def build(fields: Mapping[str, object]) -> str:
    """Fields as Tencent writes them: text in CDATA, numbers bare, a list as a repeated element."""
    return f"<xml>{_inner(fields)}</xml>"


def parse(xml: str) -> dict[str, object]:
    """The children of `<xml>`. Raises ValueError on anything else, a DOCTYPE included."""
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise ValueError("DOCTYPE")
    try:
        found = xmltodict.parse(xml.strip())
    except Exception as error:
        raise ValueError("not XML") from error
    inner = found.get("xml")
    if not isinstance(inner, dict):
        raise ValueError("no fields below <xml>")
    return inner


def seal(account: Account, xml: str, *, openid: str, now: int) -> Sealed:
    """The push's address parameters and body in the account's mode."""
    if account.mode == "plain":
        return Sealed({**_signed(account, now), "openid": openid}, xml)
    query, sealed = _encrypted(account, xml, now)
    query["openid"] = openid
    if account.mode == "compatible":
        return Sealed(query, xml.removesuffix("</xml>") + sealed + "</xml>")
    return Sealed(query, f"<xml><ToUserName><![CDATA[{account.original_id}]]></ToUserName>{sealed}</xml>")


def seal_event(component: Keys, xml: str, *, now: int) -> Sealed:
    """A push to a platform's own server: no fan, and its app_id in the clear."""
    query, sealed = _encrypted(component, xml, now)
    return Sealed(query, f"<xml><AppId><![CDATA[{component.app_id}]]></AppId>{sealed}</xml>")


def open_answer(account: Account, body: str) -> str:
    """The clear XML of an answer. Raises ValueError when the mode forbids it as it is, or its signature is wrong."""
    fields = parse(body)
    if "Encrypt" not in fields:
        if account.mode == "safe":
            raise ValueError("clear text in safe mode")
        return body
    if account.mode == "plain":
        raise ValueError("encrypted in plain mode")
    parts = [str(fields.get(name) or "") for name in ("MsgSignature", "TimeStamp", "Nonce")]
    crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.app_id)
    try:
        return str(crypto.decrypt_message(body, *parts))
    except Exception as error:
        raise ValueError(f"can't be decrypted: {type(error).__name__}") from error


def _signed(keys: Keys, now: int) -> dict[str, str]:
    timestamp, nonce = str(now), str(secrets.randbelow(10**10))
    return {"signature": sign(keys.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}


def _encrypted(keys: Keys, xml: str, now: int) -> tuple[dict[str, str], str]:
    query = _signed(keys, now)
    encrypted = PrpCrypto(_key(keys)).encrypt(xml, keys.app_id).decode()
    proof = sign(keys.token, query["timestamp"], query["nonce"], encrypted)
    sealed = f"<Encrypt><![CDATA[{encrypted}]]></Encrypt>"
    return {**query, "encrypt_type": "aes", "msg_signature": proof}, sealed


def _inner(fields: Mapping[str, object]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_inner(value)}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    return f"<{name}>{_cdata(str(value))}</{name}>"


def _cdata(text: str) -> str:
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    return "<![CDATA[" + clean.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _key(keys: Keys) -> bytes:
    return bytes(WeChatCrypto(keys.token, keys.encoding_aes_key, keys.app_id).key)
