"""Sealed bodies: cut, bent, padded wrongly, signed over something else, sealed for or by somebody else."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.corpus.cases import (
    Accounts,
    Case,
    Outcome,
    enciphered,
    filled,
    pushed,
    query,
    safe,
    seal,
    sent,
    text,
    wrapped,
)
from tests.factories.callbacks import NONCE, STAMP, query_of, signed

LENGTHS = (0, 1, 2**31 - 1, 2**31, 2**32 - 1)


def cases(known: Accounts) -> Iterator[Case]:
    """All of them."""
    yield from _paddings(known)
    yield from _lengths(known)
    yield from _ciphertexts(known)
    yield from _owners(known)
    yield from _signatures(known)
    yield from _modes(known)
    yield from _clear_parts(known)


def _paddings(known: Accounts) -> Iterator[Case]:
    keys = known.safe
    for size in range(1, 33):  # one for each length that the message may have
        words = text("a" * size)
        yield safe(keys, f"padding of {size}", seal(filled(words, keys, f"p{size}"), keys), Outcome.STORED)
    raw = filled(text(), keys, "padding")
    for value in (0, 33, 34, 48, 64, 127, 128, 255):
        room = 32 - (20 + len(raw) + len(keys.app_id)) % 32
        pad = bytes([value]) * room
        yield safe(keys, f"padding bytes of {value}", seal(raw, keys, pad=pad), Outcome.FORBIDDEN)
    for size in range(2, 33, 6):
        whole = raw + b" " * (-(20 + len(raw) + len(keys.app_id) + size) % 32)
        mixed = bytes([size - 1]) + bytes([size]) * (size - 1)
        yield safe(keys, f"padding of {size} not alike", seal(whole, keys, pad=mixed), Outcome.FORBIDDEN)
    yield safe(keys, "padding alone", enciphered(bytes([32]) * 32, keys), Outcome.FORBIDDEN)
    yield safe(keys, "padding longer than all", enciphered(bytes([32]) * 16, keys), Outcome.FORBIDDEN)
    # WeChat pads to 32; whoever pads to 16 as others do has sealed all the same.
    half = raw + b" " * ((16 - 20 - len(raw) - len(keys.app_id) - 16) % 32)
    yield safe(keys, "padding of half a block", seal(half, keys, pad=bytes([16]) * 16), Outcome.STORED)


def _lengths(known: Accounts) -> Iterator[Case]:
    keys = known.safe
    raw = filled(text(), keys, "length")
    for length in (*LENGTHS, len(raw) - 1, len(raw) + 1, len(raw) + len(keys.app_id), len(raw) * 2):
        yield safe(keys, f"length of {length}", seal(raw, keys, length=length), Outcome.FORBIDDEN)
    for size in (0, 1, 15, 16, 19, 20):
        plain = b"r" * size + bytes([32 - size]) * (32 - size)
        yield safe(keys, f"{size} bytes inside", enciphered(plain, keys), Outcome.FORBIDDEN)


def _ciphertexts(known: Accounts) -> Iterator[Case]:
    keys = known.safe
    good = seal(filled(text(), keys, "cipher"), keys)
    data = base64.b64decode(good)
    turned = bytes([data[0] ^ 1]) + data[1:-1] + bytes([data[-1] ^ 1])
    bad = {
        "nothing": "",
        "cut by a sign": good[:-1],
        "cut by four": good[:-4],
        "cut by a block": base64.b64encode(data[:-16]).decode(),
        "cut by two blocks": base64.b64encode(data[:-32]).decode(),
        "one block": base64.b64encode(data[:16]).decode(),
        "one byte more": base64.b64encode(data + b"\0").decode(),
        "a bit turned": base64.b64encode(turned).decode(),
        "blocks swapped": base64.b64encode(data[16:32] + data[:16] + data[32:]).decode(),
        "twice": base64.b64encode(data + data).decode(),
        "zeros": base64.b64encode(bytes(64)).decode(),
        "not padded": good.rstrip("=") + "A",
        "of the URL's alphabet": "-_" + good[2:],
        "with a sign of none": "!" + good[1:],
        "in hexadecimal": data.hex() + "0",
        "in Chinese": "密文",
        "in the clear": "hello",
        "equals alone": "====",
        "large": "A" * 60_000,
    }
    for name, sealed in bad.items():
        yield safe(keys, f"ciphertext {name}", sealed, Outcome.FORBIDDEN)
    lines = "\n".join(good[start : start + 76] for start in range(0, len(good), 76))
    yield safe(keys, "ciphertext in lines", f" {lines}\n", Outcome.STORED)


def _owners(known: Accounts) -> Iterator[Case]:
    keys = known.safe
    raw = filled(text(), keys, "owner")
    owners = (
        "",
        "wx",
        keys.app_id[:-1],
        keys.app_id + "0",
        keys.app_id.upper(),
        known.other.app_id,
        "\0" + keys.app_id,
    )
    for owner in (*owners, keys.app_id + "\0", "微信", "x" * 500):
        yield safe(keys, f"for the app {owner[:40]!r}", seal(raw, keys, app_id=owner), Outcome.FORBIDDEN)
    foreign = seal(filled(text(), known.other, "foreign"), known.other)
    yield safe(keys, "sealed by another account's key", foreign, Outcome.FORBIDDEN)
    mixed = seal(raw, known.other, app_id=keys.app_id)
    yield safe(keys, "another key, our app", mixed, Outcome.FORBIDDEN)
    theirs = pushed(known.other, "a push to another brand", text(), Outcome.STORED)
    yield Case(
        "another brand's push at our address",
        Outcome.FORBIDDEN,
        b"/wechat/" + keys.app_id.encode(),
        theirs.query,
        theirs.body,
    )
    yield theirs


def _signatures(known: Accounts) -> Iterator[Case]:
    for keys in (known.safe, known.compatible):
        good = pushed(keys, "signature", text(), Outcome.FORBIDDEN)
        sealed = seal(filled(text(), keys, "signature"), keys)
        right = signed(keys.token, STAMP, NONCE, sealed)
        for name, proof in {
            "of the query": signed(keys.token, STAMP, NONCE),
            "of another body": signed(keys.token, STAMP, NONCE, sealed + "A"),
            "with another token": signed("other", STAMP, NONCE, sealed),
            "of another moment": signed(keys.token, "1", NONCE, sealed),
            "without the token": signed(STAMP, NONCE, sealed),
            "cut": right[:-1],
            "longer": right + "0",
            "turned round": right[::-1],
            "empty": "",
            "in Chinese": "签名" * 20,
            "with a NUL": right[:-1] + "\0",
            "huge": "a" * 4000,
        }.items():
            values = query(query_of(keys, msg_signature=proof))
            body = b"<xml>" + wrapped(sealed)
            yield sent(keys, f"msg_signature {name} · {keys.mode}", body, Outcome.FORBIDDEN, query=values)
        without = query(query_of(keys, encrypt_type="aes"))
        yield sent(keys, f"no msg_signature · {keys.mode}", good.body, Outcome.FORBIDDEN, query=without)
        body = b"<xml>" + wrapped(sealed[:40] + ("B" if sealed[40] == "A" else "A") + sealed[41:])
        yield sent(keys, f"a sign of the body changed · {keys.mode}", body, Outcome.FORBIDDEN, sealed=sealed)


def _modes(known: Accounts) -> Iterator[Case]:
    for keys in (known.safe, known.compatible):
        clear = filled(text(), keys, "clear")
        yield sent(keys, f"clear text where it must be sealed · {keys.mode}", clear, Outcome.FORBIDDEN)
        for name, value in {"nested": "<a>1</a>", "empty": "", "blank": " "}.items():
            body = f"<xml><Encrypt>{value}</Encrypt></xml>".encode()
            yield sent(keys, f"sealed part {name} · {keys.mode}", body, Outcome.FORBIDDEN)
        json = b'{"ToUserName":"gh","Encrypt":"' + seal(clear, keys).encode() + b'"}'
        yield sent(keys, f"sealed in JSON · {keys.mode}", json, Outcome.FORBIDDEN, sealed=seal(clear, keys))
    inside = seal(filled(text(), known.safe, "inside"), known.safe)
    yield safe(known.safe, "sealed within sealed", seal(b"<xml>" + wrapped(inside), known.safe), Outcome.ASIDE)
    sealed = b"<xml><ToUserName>gh</ToUserName>" + wrapped(seal(filled(text(), known.plain, "s"), known.plain))
    yield sent(known.plain, "sealed where it must be clear", sealed, Outcome.FORBIDDEN)
    yield sent(known.plain, "sealed part alone in clear", b"<xml>" + wrapped("AAAA"), Outcome.FORBIDDEN)


def _clear_parts(known: Accounts) -> Iterator[Case]:
    """Compatible mode: clear fields that nobody has signed stand beside the sealed ones."""
    keys = known.compatible
    for name, clear, outcome in (
        ("forged", b"<xml><Content>forged</Content>", Outcome.STORED),
        ("empty", b"<xml>", Outcome.STORED),
        ("not UTF-8", b"<xml><Content>\xff</Content>", Outcome.STORED),
        ("with a NUL", b"<xml><Content>\0</Content>", Outcome.STORED),
        ("with an escape sign", b"<xml><Content>\x1b</Content>", Outcome.STORED),
        ("crossing", b"<xml><a><b></a></b>", Outcome.STORED),
        ("with a doctype", b"<!DOCTYPE a><xml>", Outcome.BAD),
        ("with a field twice", b"<xml><A/><A/>", Outcome.BAD),
        ("too deep", b"<xml>" + b"<a>" * 7 + b"</a>" * 7, Outcome.BAD),
        ("broken, with another sealed part", b"<xml>\0<Encrypt>AAAA</Encrypt>", Outcome.FORBIDDEN),
    ):
        sealed = seal(filled(text(), keys, f"clear part {name}"), keys)
        yield sent(keys, f"clear part {name}", clear + wrapped(sealed), outcome, sealed=sealed)
