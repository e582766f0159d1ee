"""XML, signatures and encryption of the callbacks, on wechatpy's primitives."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto

from saas.simulator.accounts import Account

MAX_ANSWER = 1_048_576


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
    timestamp, nonce = str(now), str(secrets.randbelow(10**10))
    query = {
        "signature": sign(account.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": openid,
    }
    if account.mode == "plain":
        return Sealed(query, xml)
    encrypted = PrpCrypto(_key(account)).encrypt(xml, account.app_id).decode()
    query |= {"encrypt_type": "aes", "msg_signature": sign(account.token, timestamp, nonce, encrypted)}
    sealed = f"<Encrypt><![CDATA[{encrypted}]]></Encrypt>"
    if account.mode == "compatible":
        return Sealed(query, xml.removesuffix("</xml>") + sealed + "</xml>")
    return Sealed(query, f"<xml><ToUserName><![CDATA[{account.original_id}]]></ToUserName>{sealed}</xml>")


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


def _key(account: Account) -> bytes:
    return bytes(WeChatCrypto(account.token, account.encoding_aes_key, account.app_id).key)
