"""The callbacks' door in this process: the real ASGI application, asked as a server would ask it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote, urlencode

import werkzeug
from flask import Flask
from werkzeug import Request

from saas.wechat.admission import Admission
from saas.wechat.asgi import Callbacks

PATIENCE = 30.0
KEY = "tests.door"
Result = TypeVar("Result")


@dataclass(frozen=True)
class Response:
    """What came back."""

    status_code: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def text(self) -> str:
        """The body in words."""
        return self.data.decode()


class Door:
    """Posts and gets, as often and as much at once as wanted; the loop runs in a thread."""

    def __init__(self, app: Flask, *, is_warm: bool = False) -> None:
        # A machine that stands still for a second is no flood: tests would be refused for it.
        self.callbacks = Callbacks(app, is_warm=is_warm, admission=Admission(most_lag_seconds=2.0))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._stop = asyncio.Event()
        self._started = threading.Event()

    def open(self) -> None:
        """Starts the application, as a server does before its first request."""
        self._thread.start()
        self._life = asyncio.run_coroutine_threadsafe(self._live(), self._loop)
        assert self._started.wait(PATIENCE)

    def close(self) -> None:
        """Stops it."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._life.result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Runs a coroutine on the application's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def get(self, path: str, *, query_string: Mapping[str, str] | str = "") -> Response:
        """GET."""
        return self.run(self.ask("GET", path, query_string=query_string))

    def put(self, path: str) -> Response:
        """PUT."""
        return self.run(self.ask("PUT", path))

    def post(self, path: str, *, data: bytes | str = b"", query_string: Mapping[str, str] | str = "") -> Response:
        """POST."""
        return self.run(self.ask("POST", path, data=data, query_string=query_string))

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """As a WSGI application, for a server of a test's."""
        asked = Request(environ)
        words = self.run(
            self.ask(asked.method, asked.path, data=asked.get_data(), query_string=asked.query_string.decode())
        )
        answer = werkzeug.Response(words.data, words.status_code, dict(words.headers))
        return answer(environ, start_response)

    async def ask(
        self, method: str, path: str, *, data: bytes | str = b"", query_string: Mapping[str, str] | str = ""
    ) -> Response:
        """One request on the application's loop."""
        body = data.encode() if isinstance(data, str) else data
        query = query_string if isinstance(query_string, str) else urlencode(query_string)
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(b"content-length", str(len(body)).encode())],
        }
        return await answered(self.callbacks, scope, [body])

    async def _live(self) -> None:
        messages: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        await messages.put({"type": "lifespan.startup"})
        running = asyncio.create_task(self._lifespan(messages))
        await self._stop.wait()
        await messages.put({"type": "lifespan.shutdown"})
        await running

    async def _lifespan(self, messages: asyncio.Queue[dict[str, str]]) -> None:
        async def send(message: Mapping[str, Any]) -> None:
            if message["type"] == "lifespan.startup.complete":
                self._started.set()

        await self.callbacks({"type": "lifespan", "state": {}}, messages.get, send)


async def answered(callbacks: Callbacks, scope: dict[str, Any], chunks: list[bytes]) -> Response:
    """What the application answers to a request whose body comes in chunks."""
    waiting = iter(chunks)
    left = len(chunks)
    sent: list[Mapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": next(waiting), "more_body": left > 0}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    await callbacks(scope, receive, send)
    headers = {name.decode().title(): value.decode() for name, value in sent[0]["headers"]}
    return Response(sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:]))


def door_of(app: Flask) -> Door:
    """The application's one door, opened when first asked for; `close_door` closes it."""
    if KEY not in app.extensions:
        app.extensions[KEY] = Door(app)
        app.extensions[KEY].open()
    door: Door = app.extensions[KEY]
    return door


def close_door(app: Flask) -> None:
    """Closes the door if it was ever opened, and the journal behind it."""
    if KEY in app.extensions:
        app.extensions.pop(KEY).close()
    app.extensions["journal"].close()
