"""The live page: three files and a stream of events on the loopback, read-only, for whoever watches the play."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.replay.words import words_of

STATIC = Path(__file__).with_name("static")
HOST = "127.0.0.1"
PERIOD = 0.5
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FILES = {"/page.css": "text/css", "/page.js": "text/javascript"}
State = Callable[[], Mapping[str, Any]]


class Page:
    """Serves until it is closed; `state` tells what there is to see."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._server: asyncio.Server | None = None

    async def open(self, port: int) -> str:
        """Begins on this port, or on any when it is taken; returns the address."""
        try:
            self._server = await asyncio.start_server(self._serve, HOST, port)
        except OSError:
            self._server = await asyncio.start_server(self._serve, HOST, 0)
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}/"

    def close(self) -> None:
        """Takes no one in any more."""
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(5):
                request = await reader.readuntil(b"\r\n\r\n")
            method, _, rest = request.decode("latin-1").partition(" ")
            path, _, query = rest.partition(" ")[0].partition("?")
            if method == "GET" and path == "/events":
                await self._tell(writer)
            else:
                writer.write(answer_to(method, path, query))
                await writer.drain()
        writer.close()

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        writer.write(_head("200 OK", "text/event-stream"))
        while True:
            state = self._state()
            writer.write(f"data: {json.dumps(state)}\n\n".encode())
            await writer.drain()
            if state["is_done"]:
                return
            await asyncio.sleep(PERIOD)


def answer_to(method: str, path: str, query: str) -> bytes:
    """The page in the language asked for, or one of its files. Pure but for reading them."""
    if method != "GET":
        return _head("405 Method Not Allowed", "text/plain")
    if path == "/":
        return _head("200 OK", "text/html") + render(query).encode()
    if path in FILES:
        return _head("200 OK", FILES[path]) + (STATIC / path.removeprefix("/")).read_bytes()
    return _head("404 Not Found", "text/plain")


def render(query: str) -> str:
    """The page with its words."""
    words = words_of(query)
    return re.sub(r"\{\{([^}]+)\}\}", lambda place: words[place[1]], (STATIC / "page.html").read_text())


def _head(status: str, kind: str) -> bytes:
    fields = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}; charset=utf-8",
        f"Content-Security-Policy: {POLICY}",
        "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer",
        "Cache-Control: no-store",
        "Connection: close",
    )
    return ("\r\n".join(fields) + "\r\n\r\n").encode()
