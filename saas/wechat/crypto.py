"""WeChat's signatures and its sealed messages (docs/protocol.md, 2)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32
RANDOM = 16
HEAD = RANDOM + 4
KEYS = 1024
"""How many accounts' keys are kept ready; any other is made ready again when it is used."""


class Undecipherable(Exception):
    """The ciphertext doesn't open with this key, or wasn't meant for this app_id."""


def sign(*parts: str) -> str:
    """The hash of the sorted parts: WeChat's form of both signatures."""
    # WeChat's choice of hash. What stands in a query may hold lone surrogates: they sign nothing, but aren't a fault.
    joined = "".join(sorted(parts)).encode(errors="surrogatepass")
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def is_signed(signature: str, *parts: str) -> bool:
    """Whether the signature is that of the parts; takes the same time for every wrong one."""
    return hmac.compare_digest(sign(*parts).encode(), signature.lower().encode(errors="surrogatepass"))


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
    (size,) = struct.unpack_from(">I", plain, RANDOM)
    message, owner = plain[HEAD : HEAD + size], plain[HEAD + size :]
    if len(message) != size or not hmac.compare_digest(owner, app_id.encode()):
        raise Undecipherable("app_id")
    return message


def encrypt(message: bytes, *, key: bytes, app_id: str, random: bytes | None = None) -> str:
    """The message sealed for WeChat; `random` is given by tests alone."""
    plain = (random or os.urandom(RANDOM)) + struct.pack(">I", len(message)) + message + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    cipher = _cipher(key).encryptor()
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
    cipher = _cipher(key).decryptor()
    return cipher.update(data) + cipher.finalize()


@lru_cache(maxsize=KEYS)
def _cipher(key: bytes) -> Cipher[CBC]:
    # Only the algorithm with its key and vector: each message gets a context of its own.
    return Cipher(AES256(key), CBC(key[:16]))


def _unpad(padded: bytes) -> bytes:
    # The block is 32 bytes wide, twice that of AES: a library's PKCS#7 refuses pads above 16.
    size = padded[-1]
    if not 1 <= size <= BLOCK or padded[-size:] != bytes([size]) * size:
        raise Undecipherable("padding")
    return padded[:-size]
