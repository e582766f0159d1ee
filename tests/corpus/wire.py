"""A client that sends any bytes over a socket, and reads what comes back even while it still sends."""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.corpus.cases import Case
from tests.corpus.judging import Seen

PATIENCE = 10.0
PIECE = 64 * 1024


@dataclass(frozen=True)
class Wire:
    """Where the callbacks' process listens."""

    url: str

    def ask(self, case: Case) -> Seen:
        """A case's request, and its answer; status 0 when the connection was closed without one."""
        return self.say(spelled(case))

    def say(self, data: bytes, *, patience: float = PATIENCE) -> Seen:
        """Any bytes, and the answer to them."""
        started = time.perf_counter()
        with self.connect() as connection:
            answer = _exchange(connection, data, started + patience)
        return _seen(answer, time.perf_counter() - started)

    def connect(self) -> socket.socket:
        """A connection."""
        parts = urlsplit(self.url)
        return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)


def spelled(case: Case) -> bytes:
    """The request as it stands on the wire."""
    target = case.path + (b"?" + case.query if case.query else b"")
    length = ("Transfer-Encoding", "chunked") if case.chunks else ("Content-Length", str(len(case.body)))
    lines = [f"{name}: {value}" for name, value in (("Host", "callback.test"), length, *case.headers)]
    head = b"%s %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n" % (
        case.method.encode(),
        target,
        "\r\n".join(lines).encode(),
    )
    return head + (_chunked(case) if case.chunks else case.body)


def _chunked(case: Case) -> bytes:
    parts = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in case.pieces()]
    return b"".join(parts) + b"0\r\n\r\n"


def _exchange(connection: socket.socket, data: bytes, deadline: float) -> bytes:
    connection.setblocking(False)
    sent, answer = memoryview(data), b""
    while not _is_whole(answer) and (left := deadline - time.perf_counter()) > 0:
        readable, writable, _ = select.select([connection], [connection] if sent else [], [], left)
        try:
            if readable:
                piece = connection.recv(PIECE)
                answer += piece
                if not piece:
                    break
            if writable and sent:
                sent = sent[connection.send(sent[:PIECE]) :]
        except OSError:
            break  # closed on us: what had come until then counts
    return answer


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    return bool(found) and len(body) >= _length(head)


def _length(head: bytes) -> int:
    values = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return int(values[0]) if values else 0


def _seen(answer: bytes, seconds: float) -> Seen:
    head, _, body = answer.partition(b"\r\n\r\n")
    return Seen(int(head.split(b" ")[1]) if head.startswith(b"HTTP/1.") else 0, body, seconds)
