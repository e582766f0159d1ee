"""WeChat's signatures and its sealed messages (docs/protocol.md, 2)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32
RANDOM = 16
HEAD = RANDOM + 4


class Undecipherable(Exception):
    """The ciphertext doesn't open with this key, or wasn't meant for this app_id."""


def sign(*parts: str) -> str:
    """The hash of the sorted parts: WeChat's form of both signatures."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()  # WeChat's choice


def is_signed(signature: str, *parts: str) -> bool:
    """Whether the signature is that of the parts; takes the same time for every wrong one."""
    return hmac.compare_digest(sign(*parts).encode(), signature.lower().encode())


def aes_key(encoding_aes_key: str) -> bytes:
    """The 32 bytes of a 43-character EncodingAESKey; raises Undecipherable."""
    try:
        # The last character may be non-canonical base64: decoded leniently, as WeChat does.
        key = base64.b64decode(encoding_aes_key + "=")
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise Undecipherable("key")
    return key


def decrypt(sealed: str, *, key: bytes, app_id: str) -> bytes:
    """The message inside; raises Undecipherable."""
    plain = _unpad(_decipher(_decode(sealed), key))
    if len(plain) < HEAD:
        raise Undecipherable("length")
    (size,) = struct.unpack(">I", plain[RANDOM:HEAD])
    message, owner = plain[HEAD : HEAD + size], plain[HEAD + size :]
    if len(message) != size or not hmac.compare_digest(owner, app_id.encode()):
        raise Undecipherable("app_id")
    return message


def encrypt(message: bytes, *, key: bytes, app_id: str, random: bytes | None = None) -> str:
    """The message sealed for WeChat; `random` is given by tests alone."""
    plain = (random or os.urandom(RANDOM)) + struct.pack(">I", len(message)) + message + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    cipher = Cipher(AES256(key), CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain + bytes([padding]) * padding) + cipher.finalize()).decode()


def _decode(sealed: str) -> bytes:
    try:
        data = base64.b64decode("".join(sealed.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Undecipherable("base64") from None
    if not data or len(data) % 16:
        raise Undecipherable("length")
    return data


def _decipher(data: bytes, key: bytes) -> bytes:
    cipher = Cipher(AES256(key), CBC(key[:16])).decryptor()
    return cipher.update(data) + cipher.finalize()


def _unpad(padded: bytes) -> bytes:
    # The block is 32 bytes wide, twice that of AES: a library's PKCS#7 refuses pads above 16.
    size = padded[-1]
    if not 1 <= size <= BLOCK or padded[-size:] != bytes([size]) * size:
        raise Undecipherable("padding")
    return padded[:-size]
