"""WeChat's side of the line: pushes signed and sealed by wechatpy, not by our own code, as finished HTTP requests."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass

from wechatpy.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner

NONCE = "1372623149"


@dataclass(frozen=True)
class Account:
    """What WeChat knows of an account: whose it is, and how its pushes travel."""

    app_id: str
    original_id: str
    token: str
    encoding_aes_key: str
    mode: str = "plain"

    @property
    def path(self) -> str:
        """Where its pushes go."""
        return f"/wechat/{self.app_id}"


class Wire:
    """Makes the requests of one account."""

    def __init__(self, account: Account, *, host: str = "127.0.0.1") -> None:
        self._account, self._host = account, host
        self._cipher = PrpCrypto(base64.b64decode(account.encoding_aes_key + "="))

    def request(self, clear: bytes) -> bytes:
        """One push as it stands on the line, signed with the present second."""
        stamp = str(int(time.time()))
        query = f"signature={_signed(self._account.token, stamp, NONCE)}&timestamp={stamp}&nonce={NONCE}"
        body = clear
        if self._account.mode != "plain":
            sealed = self._cipher.encrypt(clear, self._account.app_id).decode()
            query += f"&encrypt_type=aes&msg_signature={_signed(self._account.token, stamp, NONCE, sealed)}"
            body = self._sealed(sealed)
        head = (
            f"POST {self._account.path}?{query} HTTP/1.1\r\nHost: {self._host}\r\nUser-Agent: Mozilla/4.0\r\n"
            f"Accept: */*\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _sealed(self, sealed: str) -> bytes:
        owner = f"<ToUserName><![CDATA[{self._account.original_id}]]></ToUserName>"
        return f"<xml>{owner}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


def _signed(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    signature: str = signer.signature
    return signature
