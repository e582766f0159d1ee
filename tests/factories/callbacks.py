"""What WeChat posts: samples of every message and event, signed and sealed by wechatpy, not by our own code."""

from __future__ import annotations

import base64
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from saas.db import new_id
from saas.wechat.ports import AccountKeys, Mode

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OPENID = "oHk2Q5zR7mWcT1xJ9pLdV0sYbN3E"
STAMP, NONCE = "1760000000", "nonce-1"
_numbers = count(1)


def account_keys(tenant_id: UUID, mode: Mode = Mode.PLAIN, **changes: Any) -> AccountKeys:
    """An account's keys."""
    number = next(_numbers)
    keys = AccountKeys(
        tenant_id=tenant_id,
        account_id=new_id(),
        app_id=f"wx{number:016x}",
        original_id=f"gh_{number:012x}",
        token=f"token{number}",
        encoding_aes_key=AES_KEY,
        mode=mode,
    )
    return replace(keys, **changes)


def fields(keys: AccountKeys, inner: str, *, openid: str = OPENID, created_at: int = 1760000001) -> str:
    """The XML of a message: the four outer fields and `inner`."""
    return (
        f"<xml><ToUserName><![CDATA[{keys.original_id}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{created_at}</CreateTime>{inner}</xml>"
    )


def text_fields(content: str, *, msg_id: int | None = None) -> str:
    """The inner fields of a text, with a fresh id unless one is given."""
    number = next(_numbers) + 24698213377452000 if msg_id is None else msg_id
    return f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content><MsgId>{number}</MsgId>"


def event_fields(name: str, inner: str = "") -> str:
    """The inner fields of an event."""
    return f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>{inner}"


def opened(keys: AccountKeys, body: str) -> str:
    """The clear XML of a sealed answer, checked and opened by wechatpy."""
    tree = xmltodict.parse(body)["xml"]
    crypto = WeChatCrypto(keys.token, keys.encoding_aes_key, keys.app_id)
    clear: str = crypto.decrypt_message(body, tree["MsgSignature"], tree["TimeStamp"], tree["Nonce"])
    return clear


def signed(*parts: str) -> str:
    """WeChat's signature of the parts."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    signature: str = signer.signature
    return signature


def query_of(keys: AccountKeys, **more: str) -> dict[str, str]:
    """The signed query of a callback."""
    return {"signature": signed(keys.token, STAMP, NONCE), "timestamp": STAMP, "nonce": NONCE, **more}


def posted(keys: AccountKeys, clear: str | bytes, *, app_id: str | None = None) -> tuple[bytes, dict[str, str]]:
    """Body and query of a push in the account's mode."""
    raw = clear if isinstance(clear, bytes) else clear.encode()
    if keys.mode is Mode.PLAIN:
        return raw, query_of(keys)
    sealed = sealed_text(raw, app_id or keys.app_id)
    clear_part = raw.removesuffix(b"</xml>") if keys.mode is Mode.COMPATIBLE else b"<xml>"
    body = clear_part + f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
    proof = signed(keys.token, STAMP, NONCE, sealed)
    return body, query_of(keys, encrypt_type="aes", msg_signature=proof)


def sealed_text(raw: bytes, app_id: str, aes_key: str = AES_KEY) -> str:
    """`<Encrypt>`, made by wechatpy's primitives."""
    cipher = PrpCrypto(base64.b64decode(aes_key + "="))
    sealed: str = cipher.encrypt(raw, app_id).decode()
    return sealed
