"""Connections to the callbacks: HTTP/1.1 kept alive, one request at a time on each, as many as are needed."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import cast

PATIENCE = 5.0
"""WeChat's."""
MOST = 1_000
END_OF_HEAD = b"\r\n\r\n"


class Unanswered(Exception):
    """The connection could not be made, broke, or stayed silent for five seconds."""


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._waiting: asyncio.Future[int] | None = None
        self._received = b""
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self.is_open = cast(asyncio.Transport, transport), True

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_open = False
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(Unanswered("cut"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        status = status_of(self._received)
        if status and self._waiting and not self._waiting.done():
            self._waiting.set_result(status)

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """The status, when the whole answer is here."""
        self._received = b""
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        """Ends it."""
        self.is_open = False
        self._transport.abort()


class Lines:
    """The connections to one server."""

    def __init__(self, host: str, port: int, *, most: int = MOST) -> None:
        self._host, self._port = host, port
        self._free: deque[Line] = deque()
        self._places = asyncio.Semaphore(most)

    async def ask(self, request: bytes) -> int:
        """The status of the answer; raises Unanswered after five seconds, or when there is no connection."""
        try:
            async with asyncio.timeout(PATIENCE), self._places:
                return await self._ask(request)
        except TimeoutError:
            raise Unanswered("silent") from None

    async def close(self) -> None:
        """Cuts them all."""
        while self._free:
            self._free.pop().close()
        await asyncio.sleep(0)  # the loop lets go of a cut connection in its next round

    async def _ask(self, request: bytes) -> int:
        line = await self._open()
        try:
            status = await line.ask(request)
        except BaseException:
            line.close()  # its answer may still come, and must not be taken for the next one's
            raise
        if line.is_open:
            self._free.append(line)
        return status

    async def _open(self) -> Line:
        while self._free:
            line = self._free.pop()
            if line.is_open:
                return line
        try:
            _, line = await asyncio.get_running_loop().create_connection(Line, self._host, self._port)
        except OSError as error:
            raise Unanswered("no connection") from error
        return line


def status_of(received: bytes) -> int | None:
    """The status once the whole answer is here. Pure."""
    head, mark, body = received.partition(END_OF_HEAD)
    if not mark:
        return None
    length = 0
    for field in head.split(b"\r\n")[1:]:
        name, _, value = field.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return int(head[9:12]) if len(body) >= length else None
