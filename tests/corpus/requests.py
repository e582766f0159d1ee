"""Queries, bodies, paths, methods and headers: what stands around a callback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from tests.corpus.cases import Accounts, Case, Outcome, filled, pushed, query, sent, text
from tests.factories.callbacks import NONCE, STAMP, query_of, signed

LIMIT = 64 * 1024
JSON = {"ToUserName": "@TO@", "FromUserName": "@FAN@", "CreateTime": 1760000001, "MsgType": "text", "Content": "a"}
FORM = ("Content-Type", "application/x-www-form-urlencoded")
MULTIPART = ("Content-Type", "multipart/form-data; boundary=b")
PART = b'--b\r\nContent-Disposition: form-data; name="a"; filename="@ID@"\r\n\r\n<xml/>\r\n--b--\r\n'


def cases(known: Accounts) -> Iterator[Case]:
    """All of them."""
    yield from _queries(known)
    yield from _sizes(known)
    yield from _bodies(known)
    yield from _paths(known)
    yield from _methods(known)
    yield from _headers(known)


def _queries(known: Accounts) -> Iterator[Case]:
    keys = known.plain
    right = query_of(keys)
    bad = {
        "no query": b"",
        **{f"without {name}": query({key: right[key] for key in right if key != name}) for name in right},
        **{f"empty {name}": query(right | {name: ""}) for name in right},
        **{f"{name} in Chinese": query(right | {name: "时间"}) for name in right},
        **{f"{name} with a NUL": query(right | {name: right[name] + "\0"}) for name in right},
        **{f"{name} of 6,000 signs": query(right | {name: "9" * 6000}) for name in right},
        "signature of zeros": query(right | {"signature": "0" * 40}),
        "signature cut": query(right | {"signature": right["signature"][:-1]}),
        "signature turned round": query(right | {"signature": right["signature"][::-1]}),
        "signature of the token alone": query(right | {"signature": signed(keys.token)}),
        "signature of another account": query(right | {"signature": signed(known.safe.token, STAMP, NONCE)}),
        "signature of another nonce": query(right | {"nonce": "nonce-2"}),
        "signature with a full-width digit": query(right | {"signature": "１" + right["signature"][1:]}),
        "wrong before right": b"signature=0&" + query(right),
        "raw bytes": b"signature=\xff\xfe&timestamp=\x80&nonce=\xc0\xaf",
        "overlong escapes": b"signature=%c0%80&timestamp=%ed%a0%80&nonce=%ff",
        "escapes cut": b"signature=%&timestamp=%1&nonce=%zz",
        "ampersands": b"&" * 5000,
        "equals": b"=" * 5000,
        "names by the thousand": "&".join(f"a{number}=1" for number in range(1500)).encode() + b"&" + query(right),
        "array spelling": query({f"{name}[]": value for name, value in right.items()}),
        "semicolons": query(right).replace(b"&", b";"),
        "capital names": query({name.upper(): value for name, value in right.items()}),
        "a question mark more": b"?" + query(right),
    }
    for name, values in bad.items():
        yield sent(keys, f"query: {name}", filled(text(), keys, name), Outcome.FORBIDDEN, query=values)
    good = {
        "right before wrong": query(right) + b"&signature=0&timestamp=1&nonce=2",
        "signature in capitals": query(right | {"signature": right["signature"].upper()}),
        "of another order": query(dict(reversed(right.items()))),
        "with more": query(right | {"openid": "o1", "encrypt_type": "raw", "a": "\0中𝄞"}),
        "sealed by its word alone": query(right | {"encrypt_type": "aes", "msg_signature": "0"}),
        "escaped throughout": "&".join(
            f"{n}={''.join(f'%{ord(s):02x}' for s in v)}" for n, v in right.items()
        ).encode(),
        "an odd time and nonce": query(_signed_odd(keys.token)),
    }
    for name, values in good.items():
        yield sent(keys, f"query: {name}", filled(text(), keys, name), Outcome.STORED, query=values)


def _signed_odd(token: str) -> dict[str, str]:
    stamp, nonce = "昨天", "𝄞\0 &=%"
    return {"signature": signed(token, stamp, nonce), "timestamp": stamp, "nonce": nonce}


def _sizes(known: Accounts) -> Iterator[Case]:
    for keys in known.modes:
        for size, outcome in ((LIMIT + 1, Outcome.LARGE), (LIMIT * 2, Outcome.LARGE)):
            yield sent(keys, f"{size} bytes · {keys.mode}", b"x" * size, outcome)
            yield sent(keys, f"{size} bytes in chunks · {keys.mode}", b"x" * size, outcome, chunks=7)
    keys = known.plain
    for size, outcome in ((LIMIT - 1, Outcome.STORED), (LIMIT, Outcome.STORED), (LIMIT + 1, Outcome.LARGE)):
        yield sent(keys, f"a message of {size} bytes", _of_size(keys, size), outcome)
        yield sent(keys, f"a message of {size} bytes in chunks", _of_size(keys, size, "c"), outcome, chunks=5)
        yield sent(keys, f"{size} bytes, no message", b"x" * size, Outcome.LARGE if size > LIMIT else Outcome.ASIDE)
    yield sent(keys, "10 MB", b"x" * 10_000_000, Outcome.LARGE)
    yield sent(keys, "10 MB in chunks", b"x" * 10_000_000, Outcome.LARGE, chunks=50)
    yield sent(keys, "too large and not signed", b"x" * (LIMIT + 1), Outcome.LARGE, query=b"")
    yield pushed(known.safe, "48,000 bytes sealed", text("a" * 48_000), Outcome.STORED)
    yield pushed(known.safe, "50,000 bytes sealed", text("a" * 50_000), Outcome.LARGE)


def _of_size(keys, size: int, mark: str = "") -> bytes:
    around = len(filled(text(""), keys, f"size {size}{mark}"))
    return filled(text("a" * (size - around)), keys, f"size {size}{mark}")


def _bodies(known: Accounts) -> Iterator[Case]:
    plain, safe = known.plain, known.safe
    one = filled(json.dumps(JSON), plain, "json")
    aside = {
        "empty": b"",
        "a space": b" ",
        "JSON": one,
        "JSON of a list": b"[" + one + b"]",
        "JSON of nothing": b"null",
        "JSON, deep": b"[" * 30000,
        "a form": urlencode(JSON).encode(),
        "a form in parts": filled(PART, plain, "part"),
        "a web page": b"<!-- a --><html><body>502 Bad Gateway</body></html>",
        "SOAP": b"<soap:Envelope xmlns:soap='a'><soap:Body/></soap:Envelope>",
        "zip": b"PK\x03\x04" + b"\0" * 100,
        "gzip": b"\x1f\x8b\x08" + b"\0" * 100,
        "pickle": b"\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x05posix\x94.",
        "NULs": b"\0" * 1000,
        "all bytes": bytes(range(256)),
        "line breaks": b"\r\n" * 1000,
    }
    for name, body in aside.items():
        yield sent(plain, f"body: {name}", body, Outcome.ASIDE)
        yield sent(safe, f"body: {name} · safe", body, Outcome.FORBIDDEN)
    yield sent(plain, "body: nothing in chunks", b" \n", Outcome.ASIDE, chunks=2)
    yield sent(plain, "body: byte by byte", filled(text(), plain, "bytes"), Outcome.STORED, chunks=200)


def _paths(known: Accounts) -> Iterator[Case]:
    keys = known.plain
    app_id = keys.app_id.encode()
    odd = {
        "no account": b"/wechat/",
        "unknown": b"/wechat/wx0000000000000000",
        "in capitals": b"/wechat/" + app_id.upper(),
        "cut": b"/wechat/" + app_id[:-1],
        "a NUL after": b"/wechat/" + app_id + b"%00",
        "a slash after": b"/wechat/" + app_id + b"/",
        "an encoded slash": b"/wechat%2F" + app_id + b"%2F",
        "dots": b"/wechat/../wechat/" + app_id + b"/..",
        "encoded dots": b"/wechat/%2e%2e/" + app_id,
        "a space": b"/wechat/" + app_id + b"%20",
        "a line break": b"/wechat/" + app_id + b"%0d%0aX-A:%20b",
        "not UTF-8": b"/wechat/%ff%fe",
        "overlong": b"/wechat/%c0%af" + app_id,
        "a surrogate": b"/wechat/%ed%a0%80",
        "emoji": b"/wechat/%F0%9F%98%80",
        "Chinese": b"/wechat/%E5%BE%AE%E4%BF%A1",
        "full-width": b"/wechat/%ef%bd%97" + app_id[1:],
        "very long": b"/wechat/" + b"w" * 5000,
        "very many parts": b"/wechat/" + b"a/" * 500,
        "an injection": b"/wechat/wx'%20OR%20'1'='1",
        "a pattern": b"/wechat/%25",
        "a star": b"/wechat/*",
        "a component unknown": b"/wechat/component/wx0000000000000000",
        "an account of an unknown component": b"/wechat/component/wx0000000000000000/" + app_id,
        "a component without a name": b"/wechat/component//" + app_id,
        "a double slash": b"/wechat//" + app_id,
    }
    for name, path in odd.items():
        body = filled(text(), keys, name)
        yield sent(keys, f"path: {name}", body, Outcome.UNKNOWN, path=path)
        yield sent(keys, f"path: {name}, asked", b"", Outcome.UNKNOWN, path=path, method="GET")
    yield sent(keys, "path: escaped", filled(text(), keys, "escaped"), Outcome.STORED, path=b"/wechat/%77" + app_id[1:])


def _methods(known: Accounts) -> Iterator[Case]:
    keys = known.plain
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"):
        yield sent(keys, f"method {method}", filled(text(), keys, method), Outcome.METHOD, method=method)
    echo = query(query_of(keys, echostr="4375120948345356249"))
    yield sent(keys, "verification", b"", Outcome.HEARD, method="GET", query=echo)
    for name, value in {
        "empty": "",
        "script": "<script>",
        "a line break": "a\r\nX-A: b",
        "4,000 signs": "9" * 4000,
    }.items():
        values = query(query_of(keys, echostr=value))
        yield sent(keys, f"verification, {name}", b"", Outcome.HEARD, method="GET", query=values)
    yield sent(keys, "verification unsigned", b"", Outcome.FORBIDDEN, method="GET", query=b"echostr=1")
    yield sent(keys, "verification with a body", filled(text(), keys, "get"), Outcome.HEARD, method="GET", query=echo)


def _headers(known: Accounts) -> Iterator[Case]:
    for number, (name, headers) in enumerate(
        {
            "no type": (),
            "form": (FORM,),
            "form in parts": (MULTIPART,),
            "JSON": (("Content-Type", "application/json"),),
            "of another charset": (("Content-Type", "text/xml; charset=gbk"),),
            "of an unknown charset": (("Content-Type", "text/xml; charset=x-none"),),
            "a type of none": (("Content-Type", ";;;=/"),),
            "a long type": (("Content-Type", "a/" + "b" * 4000),),
            "said to be gzip": (("Content-Type", "text/xml"), ("Content-Encoding", "gzip")),
            "cookies": (("Cookie", "session=a; session=b; =;"),),
            "a method override": (("X-HTTP-Method-Override", "DELETE"),),
            "forwarded": (("X-Forwarded-For", "'; DROP TABLE--, 127.0.0.1"), ("X-Forwarded-Host", "evil.test")),
            "another host": (("X-Original-URL", "/wechat/wx0"),),
            "a bearer": (("Authorization", "Bearer a.b.c"),),
            "headers by the dozen": tuple((f"X-A{one}", "b" * 50) for one in range(60)),
        }.items()
    ):
        keys = (known.plain, known.safe)[number % 2]
        yield replace(pushed(keys, f"headers: {name}", text(), Outcome.STORED), headers=headers)
