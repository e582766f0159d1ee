"""Opens what WeChat posts and seals what we answer (docs/protocol.md, 2 and 3)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from saas import clock
from saas.wechat import crypto, xml_reader
from saas.wechat.messages import Inbound, Missing, message_from
from saas.wechat.ports import AccountKeys, Mode
from saas.wechat.replies import Reply, element

MAX_BODY = 64 * 1024
NOTHING = "success"
"""The answer without words. Never sealed: WeChat would show the fan an error."""
_SEALED = re.compile(rb"<Encrypt>(?:<!\[CDATA\[)?([A-Za-z0-9+/=\s]+)(?:\]\]>)?</Encrypt>")


class Refused(Exception):
    """Not WeChat, or not for us: answered with a status and forgotten."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Unreadable(Exception):
    """Proven to come from WeChat, yet no message: kept aside in `raw`, answered with success."""

    def __init__(self, raw: bytes, reason: str) -> None:
        super().__init__(reason)
        self.raw, self.reason = raw, reason


def verify_url(query: Mapping[str, str], keys: AccountKeys) -> str:
    """The echo that proves to WeChat whose address this is; raises Refused."""
    _check_signature(query, keys)
    return query.get("echostr", "")


def open_envelope(body: bytes, query: Mapping[str, str], keys: AccountKeys, *, oldest: int | None = None) -> Inbound:
    """The message inside; raises Refused or Unreadable. `oldest` refuses time stamps before it."""
    raw = _open(body, query, keys, oldest)
    tree = _read_signed(raw)
    if keys.mode is Mode.PLAIN and "Encrypt" in tree and "MsgType" not in tree:
        raise Refused(403, "mode")
    return _message(tree, raw, keys)


def open_tree(body: bytes, query: Mapping[str, str], keys: AccountKeys) -> xml_reader.Tree:
    """What is no message: an event of the open platform itself. Raises Refused or Unreadable."""
    return _read_signed(_open(body, query, keys, None))


def _open(body: bytes, query: Mapping[str, str], keys: AccountKeys, oldest: int | None) -> bytes:
    if len(body) > MAX_BODY:
        raise Refused(413, "size")
    _check_signature(query, keys)
    _check_age(query, oldest)
    return body if keys.mode is Mode.PLAIN else _decrypt(_sealed_part(body, keys.mode), query, keys)


def seal(reply: Reply | None, inbound: Inbound, keys: AccountKeys) -> str:
    """The body of our answer, sealed as the account's mode asks."""
    if reply is None:
        return NOTHING
    clear = _render(reply, inbound)
    return clear if keys.mode is Mode.PLAIN else _encrypt(clear, keys)


def _check_signature(query: Mapping[str, str], keys: AccountKeys) -> None:
    parts = (keys.token, query.get("timestamp", ""), query.get("nonce", ""))
    if not keys.token or not crypto.is_signed(query.get("signature", ""), *parts):
        raise Refused(403, "signature")


def _check_age(query: Mapping[str, str], oldest: int | None) -> None:
    stamp = query.get("timestamp", "")
    if oldest is not None and (not stamp.isdecimal() or int(stamp[:12]) < oldest):
        raise Refused(403, "age")


def _sealed_part(body: bytes, mode: Mode) -> str:
    # The clear fields of compatible mode are signed by nobody: only the sealed part is looked at.
    try:
        sealed = xml_reader.read(body).get("Encrypt")
    except xml_reader.Forbidden as refusal:
        raise Refused(400, str(refusal)) from None
    except xml_reader.Malformed:
        sealed = _sealed_beside_unreadable(body) if mode is Mode.COMPATIBLE else None
    if not isinstance(sealed, str):
        raise Refused(403, "clear text")
    return sealed


def _sealed_beside_unreadable(body: bytes) -> str | None:
    # What a fan wrote may break the clear fields; the sealed part has its own signature, and is kept.
    found = _SEALED.findall(body)
    return found[0].decode() if len(found) == 1 else None


def _decrypt(sealed: str, query: Mapping[str, str], keys: AccountKeys) -> bytes:
    parts = (keys.token, query.get("timestamp", ""), query.get("nonce", ""), sealed)
    if not crypto.is_signed(query.get("msg_signature", ""), *parts):
        raise Refused(403, "msg_signature")
    try:
        return crypto.decrypt(sealed, key=crypto.aes_key(keys.encoding_aes_key), app_id=keys.owner)
    except crypto.Undecipherable as refusal:
        raise Refused(403, str(refusal)) from None


def _read_signed(raw: bytes) -> xml_reader.Tree:
    try:
        return xml_reader.read(raw)
    except xml_reader.Forbidden as refusal:
        raise Refused(400, str(refusal)) from None
    except xml_reader.Malformed as fault:
        raise Unreadable(raw, str(fault)) from None


def _message(tree: xml_reader.Tree, raw: bytes, keys: AccountKeys) -> Inbound:
    try:
        inbound = message_from(tree, raw)
    except Missing as fault:
        raise Unreadable(raw, f"{fault} is missing") from None
    if keys.original_id and inbound.original_id != keys.original_id:
        raise Unreadable(raw, "for another account")
    return inbound


def _render(reply: Reply, inbound: Inbound) -> str:
    # The fan's own time stamp: a duplicate gets the first answer to the letter.
    head = element("ToUserName", inbound.openid) + element("FromUserName", inbound.original_id)
    kind = f"<CreateTime>{inbound.created_at}</CreateTime>" + element("MsgType", reply.msg_type)
    return f"<xml>{head}{kind}{reply.body()}</xml>"


def _encrypt(clear: str, keys: AccountKeys) -> str:
    sealed = crypto.encrypt(clear.encode(), key=crypto.aes_key(keys.encoding_aes_key), app_id=keys.owner)
    stamp, nonce = str(int(clock.now().timestamp())), secrets.token_hex(8)
    proof = element("MsgSignature", crypto.sign(keys.token, stamp, nonce, sealed))
    return f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>{proof}<TimeStamp>{stamp}</TimeStamp>{element('Nonce', nonce)}</xml>"
