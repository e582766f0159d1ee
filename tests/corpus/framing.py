"""Requests that are no proper HTTP, as bytes; `@PATH@` is a signed address. None may do more than be refused.

A proper callback stands in none of them, but where it is said: what is refused by the server must leave no row.
"""

from __future__ import annotations

HEAD = b"POST @PATH@ HTTP/1.1\r\nHost: a\r\n"
END = b"Connection: close\r\n\r\n"

BROKEN = {
    "bytes": b"\x00\x01\x02\xff\r\n\r\n",
    "a TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    "an SSH greeting": b"SSH-2.0-OpenSSH_9.0\r\n\r\n",
    "a Redis command": b"*1\r\n$4\r\nPING\r\n\r\n",
    "PROXY": b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n" + HEAD + END,
    "HTTP/0.9": b"GET @PATH@\r\n\r\n",
    "no version": b"POST @PATH@\r\nHost: a\r\n\r\n",
    "version 9.9": b"POST @PATH@ HTTP/9.9\r\nHost: a\r\n\r\n",
    "no path": b"POST HTTP/1.1\r\nHost: a\r\n\r\n",
    "a NUL in the path": b"POST /wechat/a\0b HTTP/1.1\r\nHost: a\r\n\r\n",
    "a space in the path": b"POST /wechat/a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "a method of 5,000 letters": b"P" * 5000 + b" /wechat/a HTTP/1.1\r\nHost: a\r\n\r\n",
    "a path of 100,000 signs": b"POST /wechat/" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "a header of 500,000 signs": HEAD + b"X-A: " + b"a" * 500_000 + b"\r\n" + END,
    "headers by the thousand": HEAD + b"".join(b"X-%d: a\r\n" % number for number in range(2000)) + END,
    "a header without a colon": HEAD + b"nothing\r\n" + END,
    "a header with a NUL": HEAD + b"X-A: a\0b\r\n" + END,
    "a header's name with a space": HEAD + b"X A: a\r\n" + END,
    "a space before the colon": HEAD + b"Content-Length : 5\r\n" + END + b"hello",
    "a folded header": HEAD + b"X-A: a\r\n b\r\n" + END,
    "an empty header": HEAD + b": a\r\n" + END,
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n" + END + b"hello",
    "two lengths in one": HEAD + b"Content-Length: 5, 6\r\n" + END + b"hello",
    "a negative length": HEAD + b"Content-Length: -1\r\n" + END,
    "a length with a plus": HEAD + b"Content-Length: +5\r\n" + END + b"hello",
    "a length in words": HEAD + b"Content-Length: five\r\n" + END + b"hello",
    "a length in hexadecimal": HEAD + b"Content-Length: 0x5\r\n" + END + b"hello",
    "a length in full-width digits": HEAD + "Content-Length: ５\r\n".encode() + END + b"hello",
    "an endless length": HEAD + b"Content-Length: 1" + b"0" * 30 + b"\r\n" + END,
    "a length of 2^63": HEAD + b"Content-Length: 9223372036854775808\r\n" + END,
    "a length beyond the limit, no body": HEAD + b"Content-Length: 65537\r\n" + END,
    "a length of 10 GB, no body": HEAD + b"Content-Length: 10000000000\r\n" + END,
    "an unknown coding": HEAD + b"Transfer-Encoding: pigeon\r\n" + END,
    "chunked, then gzip": HEAD + b"Transfer-Encoding: chunked, gzip\r\n" + END + b"0\r\n\r\n",
    "a chunk's size in words": HEAD + b"Transfer-Encoding: chunked\r\n" + END + b"zz\r\nhello\r\n0\r\n\r\n",
    "a chunk's size beyond all": HEAD + b"Transfer-Encoding: chunked\r\n" + END + b"f" * 20 + b"\r\nhello\r\n0\r\n\r\n",
    "a negative chunk": HEAD + b"Transfer-Encoding: chunked\r\n" + END + b"-5\r\nhello\r\n0\r\n\r\n",
    "a chunk without its end": HEAD + b"Transfer-Encoding: chunked\r\n" + END + b"5\r\nhelloworld\r\n0\r\n\r\n",
    "a chunk with an endless extension": HEAD + b"Transfer-Encoding: chunked\r\n" + END + b"5;" + b"a" * 100_000,
    "too expected": HEAD + b"Expect: 100-continue\r\nContent-Length: 70000\r\n" + END,
    "an upgrade to sockets": b"GET /wechat/a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "an upgrade to HTTP/2": b"POST /wechat/a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n",
    "HTTP/2, then nothing of it": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 100,
    "a tunnel": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a trace": b"TRACE @PATH@ HTTP/1.1\r\nHost: a\r\n" + END,
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: a\r\n" + END,
}
# Held back in the middle: answered with 503 or cut off, in the time that the door gives to any request.
STALLED = {
    "a body that stops": HEAD + b"Content-Length: 100\r\n\r\n<xml>",
    "a body that never begins": HEAD + b"Content-Length: 100\r\n\r\n",
    "chunks that stop": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<xml>\r\n",
    "a chunk that stops": HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n<xml>",
}
# Nobody knows yet what it wants: cut off when the server's time for a head is over.
SILENT = {
    "nothing": b"",
    "half a line": b"POST /wech",
    "half a head": HEAD,
}
