"""What a case of the corpus is, and the few builders that the tables beside this file are written with.

Every case is fixed: the same bytes on every run. The tables write `@TO@`, `@FAN@` and `@ID@` where a callback names the
account, the fan and its own id; each case has a fan and an id of its own, so that no two are duplicates.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from urllib.parse import urlencode
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from saas.wechat.ports import AccountKeys, Mode
from tests.factories.callbacks import AES_KEY, NONCE, STAMP, query_of, signed
from tests.factories.component import COMPONENT

NOBODY = UUID(int=0)
OTHER_AES_KEY = AES_KEY[::-1]
RANDOM = b"0123456789abcdef"


class Outcome(Enum):
    """What must become of a case: the status, and the rows it leaves in the journal and in quarantine."""

    STORED = (200, 1, 0)
    ASIDE = (200, 0, 1)
    HEARD = (200, 0, 0)
    """An address was verified, or the platform told something that is no message."""
    BAD = (400, 0, 0)
    FORBIDDEN = (403, 0, 0)
    UNKNOWN = (404, 0, 0)
    METHOD = (405, 0, 0)
    LARGE = (413, 0, 0)

    @property
    def status(self) -> int:
        return self.value[0]

    @property
    def rows(self) -> tuple[int, int]:
        return self.value[1:]


@dataclass(frozen=True)
class Case:
    """One request as it stands on the wire, and what must become of it."""

    name: str
    outcome: Outcome
    path: bytes
    query: bytes = b""
    body: bytes = field(default=b"", repr=False)
    method: str = "POST"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/xml"),)
    chunks: int = 0
    """Into how many chunks the body is cut, without a length; 0: it goes in one piece, with its length."""

    def pieces(self) -> list[bytes]:
        """The body in its chunks."""
        if not self.chunks:
            return [self.body]
        size = max(1, -(-len(self.body) // self.chunks))
        return [self.body[start : start + size] for start in range(0, len(self.body), size)]


@dataclass(frozen=True)
class Accounts:
    """The corpus's accounts: one per mode, one of another brand, one that authorised the platform.

    All but that of the other brand share their AES key.
    """

    plain: AccountKeys
    compatible: AccountKeys
    safe: AccountKeys
    other: AccountKeys
    authorised: AccountKeys

    @property
    def all(self) -> tuple[AccountKeys, ...]:
        return (self.plain, self.compatible, self.safe, self.other, self.authorised)

    @property
    def modes(self) -> tuple[AccountKeys, ...]:
        return (self.plain, self.compatible, self.safe)


def accounts(number: int) -> Accounts:
    """Fixed accounts; another number gives others."""
    return Accounts(
        plain=_keys(number, "a", Mode.PLAIN),
        compatible=_keys(number, "b", Mode.COMPATIBLE),
        safe=_keys(number, "c", Mode.SAFE),
        other=_keys(number, "d", Mode.SAFE, OTHER_AES_KEY),
        authorised=replace(
            _keys(number, "e", Mode.SAFE, COMPONENT.aes_key), token=COMPONENT.token, sealed_for=COMPONENT.app_id
        ),
    )


def _keys(number: int, letter: str, mode: Mode, aes_key: str = AES_KEY) -> AccountKeys:
    return AccountKeys(
        tenant_id=NOBODY,
        account_id=NOBODY,
        app_id=f"wx{letter}{number:015d}",
        original_id=f"gh_{letter}{number:011d}",
        token=f"corpus{letter}{number}",
        encoding_aes_key=aes_key,
        mode=mode,
    )


def document(inner: str, *, created: str = "1760000001") -> str:
    """A callback's XML around its inner fields."""
    return (
        f"<xml><ToUserName>@TO@</ToUserName><FromUserName>@FAN@</FromUserName><CreateTime>{created}</CreateTime>"
        f"{inner}</xml>"
    )


def text(content: str = "优惠", more: str = "") -> str:
    """A text; `content` is raw XML."""
    return document(f"<MsgType>text</MsgType><Content>{content}</Content><MsgId>@ID@</MsgId>{more}")


def filled(clear: str | bytes, keys: AccountKeys, name: str) -> bytes:
    """The bytes of a table's callback, addressed and numbered for one case."""
    digest = hashlib.sha256(f"{keys.app_id} {name}".encode()).hexdigest()
    raw = clear.encode() if isinstance(clear, str) else clear
    number = str(int(digest[:15], 16)).encode()
    fan = b"o" + digest[:27].encode()
    return raw.replace(b"@TO@", keys.original_id.encode()).replace(b"@FAN@", fan).replace(b"@ID@", number)


def pushed(keys: AccountKeys, name: str, clear: str | bytes, outcome: Outcome) -> Case:
    """A callback as WeChat would send it in the account's mode; only what it says is odd."""
    label = f"{name} · {keys.mode}"
    raw = filled(clear, keys, label)
    if keys.mode is Mode.PLAIN:
        return sent(keys, label, raw, outcome)
    sealed = seal(raw, keys)
    clear_part = raw.removesuffix(b"</xml>") if keys.mode is Mode.COMPATIBLE else b"<xml>"
    return sent(keys, label, clear_part + wrapped(sealed), outcome, sealed=sealed)


def sent(keys: AccountKeys, name: str, body: bytes, outcome: Outcome, *, sealed: str = "", **more: object) -> Case:
    """A request to the account's address with a proper query; `sealed` is what `msg_signature` signs."""
    proof = {"encrypt_type": "aes", "msg_signature": signed(keys.token, STAMP, NONCE, sealed)} if sealed else {}
    query = urlencode(query_of(keys, **proof)).encode()
    values = {"path": address(keys), "query": query, "body": body, **more}
    return Case(name, outcome, **values)  # type: ignore[arg-type]


def address(keys: AccountKeys) -> bytes:
    """Where WeChat posts the account's messages."""
    platform = f"component/{keys.sealed_for}/" if keys.sealed_for else ""
    return f"/wechat/{platform}{keys.app_id}".encode()


def wrapped(sealed: str) -> bytes:
    """The end of a sealed body."""
    return f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


def safe(keys: AccountKeys, name: str, sealed: str, outcome: Outcome) -> Case:
    """A sealed body whose signature is right, whatever was sealed."""
    return sent(keys, name, b"<xml>" + wrapped(sealed), outcome, sealed=sealed)


def seal(
    raw: bytes, keys: AccountKeys, *, app_id: str | None = None, length: int | None = None, pad: bytes = b""
) -> str:
    """`<Encrypt>` with any length, owner and padding one likes; the proper ones by themselves."""
    owner = (keys.owner if app_id is None else app_id).encode()
    plain = RANDOM + struct.pack(">I", len(raw) if length is None else length) + raw + owner
    size = 32 - len(plain) % 32
    return enciphered(plain + (pad or bytes([size]) * size), keys)


def enciphered(plain: bytes, keys: AccountKeys) -> str:
    """AES-256-CBC of whole blocks, in base64."""
    key = base64.b64decode(keys.encoding_aes_key + "=")
    cipher = Cipher(AES256(key), CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()


def query(values: Mapping[str, str]) -> bytes:
    """A query in its usual spelling."""
    return urlencode(values).encode()
