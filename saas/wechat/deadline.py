"""One end for a whole call: the library's time-outs count anew with every piece, and it takes a body of any size.

A call is connected, sent and answered within `Deadline.within`, or it fails as the library's own time-outs do. What was not
connected by then was never sent. A connection over TLS stands when both sides have shaken hands: before that nothing is sent.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from typing import Any

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError
from urllib3.util.ssl_match_hostname import CertificateError

PIECE = 16 * 1024
"""No more than TLS writes at a time: of a larger piece each part would have the whole time."""
_until: ContextVar[float] = ContextVar("until")


class TooLarge(requests.RequestException):
    """The answer is larger than any that WeChat gives."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """All that is connected, sent and read in here ends then."""
    token = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


def left() -> float:
    """The seconds that are left; raises TimeoutError when none are."""
    seconds = _until.get() - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the call took too long")
    return seconds


def bounded(response: requests.Response, most: int) -> requests.Response:
    """The response with its whole body, unpacked; raises TooLarge."""
    body = bytearray()
    for piece in response.iter_content(PIECE):
        body += piece
        if len(body) > most:
            response.close()
            raise TooLarge(response=response)
    response._content = bytes(body)
    return response


class _Reader(io.RawIOBase):
    """Reads a socket no longer than is left, and waits for no piece longer than the socket did."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._raw, self._longest = sock, sock.makefile("rb", buffering=0), sock.gettimeout()

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """The next piece."""
        self._sock.settimeout(left() if self._longest is None else min(left(), self._longest))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Lets go of the socket."""
        self._raw.close()
        super().close()


class _Answer(HTTPResponse):
    """An answer that is read so: its first line, its headers, its body."""

    def __init__(self, sock: socket.socket, *values: Any, **named: Any) -> None:
        super().__init__(sock, *values, **named)
        self.fp.close()
        self.fp = io.BufferedReader(_Reader(sock))


class _Timely:
    """A connection that sends so."""

    sock: Any
    response_class: Any = _Answer

    def connect(self) -> None:
        """However many addresses were tried: what comes too late, or is no connection, is closed before anything is sent."""
        try:
            super().connect()  # type: ignore[misc]
            left()
        except TimeoutError as error:
            self.close()  # type: ignore[attr-defined]
            raise ConnectTimeoutError(self, str(error)) from None
        except (OSError, CertificateError, SSLError) as error:  # else it looks like a call cut in the middle
            self.close()  # type: ignore[attr-defined]
            raise NewConnectionError(self, str(error)) from None  # type: ignore[arg-type]

    def send(self, data: Any) -> None:
        """Sends bytes piece by piece."""
        if self.sock is None:
            self.connect()
        view = memoryview(data)
        for start in range(0, len(view), PIECE):
            self.sock.settimeout(left())
            super().send(view[start : start + PIECE])  # type: ignore[misc]


class _Http(_Timely, HTTPConnection):
    """Over plain HTTP: the simulator."""


class _Https(_Timely, HTTPSConnection):
    """Over TLS."""


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


def make_timely(manager: PoolManager) -> None:
    """Has its connections keep the end; before the first is made."""
    manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
