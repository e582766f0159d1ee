"""The callbacks' own process: ASGI, one event loop, no thread per request (docs/protocol.md, 1).

`GET, POST /wechat/<app_id>`, and below `/wechat/component/<component_app_id>` the open platform's. No log-in, no
cookie: the signature says who it is. What memory can decide never leaves the loop; the rest goes to a few threads.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from saas.faultpoints import Point, reach
from saas.security.faults import describe
from saas.wechat.admission import Admission
from saas.wechat.component.door import ComponentDoor
from saas.wechat.envelope import MAX_BODY, Refused
from saas.wechat.gateway import DECISIONS, Gateway, Post
from saas.wechat.journal import NotStored
from saas.wechat.keeper import Keeper
from saas.wechat.metrics import ANSWER_SECONDS, CALLBACKS
from saas.wechat.threads import BoundedThreads

PREFIX = "/wechat/"
COMPONENT = "component"
MOST_FIELDS = 50
READERS, MOST_READING = 6, 5000
STRANGERS, MOST_STRANGE = 2, 64
"""Accounts that are ours are read by threads of their own, each once for all who wait for it: a flood of calls in
unknown names, of checks of an address or of unreadable bodies fills other places than theirs."""
LONGEST_SECONDS = 2.5
"""From arrival, the time counted by which the loop was behind; WeChat gives up after five."""

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: words for WeChat, or a status and not a word."""

    body: str = ""
    status: int = 200


BUSY = Answer(status=503)


class CallbackDoor:
    """Takes callbacks in, or refuses them at once."""

    def __init__(self, app: Flask, gateway: Gateway, keeper: Keeper, admission: Admission) -> None:
        self._gateway, self._keeper, self._admission = gateway, keeper, admission
        self._component: ComponentDoor = app.extensions["component_door"]
        self._readers = BoundedThreads(app, READERS, most=MOST_READING, name="reader")
        self._strangers = BoundedThreads(app, STRANGERS, most=MOST_STRANGE, name="stranger")
        self._refreshing: dict[str, asyncio.Future[None]] = {}

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        begun = time.perf_counter()
        if self._admission.enter():
            try:
                answer = await self._answer(scope, receive)
            finally:
                self._admission.leave()
        else:
            CALLBACKS.labels("busy").inc()
            answer = BUSY
        await _send(answer, send)
        reach(Point.CALLBACK_ANSWERED)
        ANSWER_SECONDS.observe(time.perf_counter() - begun)

    def close(self) -> None:
        """Waits for what is under way in threads."""
        self._readers.close()
        self._strangers.close()

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        try:
            async with asyncio.timeout(LONGEST_SECONDS - self._admission.lag_seconds):
                return await self._route(scope, receive)
        except Refused as refusal:
            CALLBACKS.labels(f"refused_{refusal.status}").inc()
            return Answer(status=refusal.status)
        except (NotStored, SQLAlchemyError, TimeoutError):
            CALLBACKS.labels("not_stored").inc()
        except Exception as error:
            CALLBACKS.labels("fault").inc()
            log.error("callback_failed", **describe(error))
        return BUSY  # nothing was answered: WeChat shall try again

    async def _route(self, scope: Scope, receive: Receive) -> Answer:
        app_id, component = _address(scope["path"])
        query = _query(scope["query_string"])
        if scope["method"] == "POST":
            post = Post(await _body(scope, receive), query, component)
            reach(Point.CALLBACK_READ)
            return Answer(await (self._receive(app_id, post) if app_id else self._hear(post)))
        if scope["method"] == "GET":
            return Answer(await self._verify(app_id, Post(b"", query, component)))
        raise Refused(405, "method")

    async def _verify(self, app_id: str, post: Post) -> str:
        if app_id and post.component:
            raise Refused(404, "path")  # Tencent asks at the component's own address only
        if app_id:
            return await self._strangers.run(lambda: self._gateway.verify(app_id, post))
        return await self._strangers.run(lambda: self._component.verify(post.component, post))

    async def _hear(self, post: Post) -> str:
        """What the open platform tells the component itself: some a day, never worth a place on the loop."""
        return await self._strangers.run(lambda: self._component.receive_event(post.component, post))

    async def _receive(self, app_id: str, post: Post) -> str:
        decision = self._gateway.decide(app_id, post)
        for _ in range(DECISIONS):
            if decision is not None:
                with self._admission.share(decision.entry.tenant_id):
                    stored = await self._keeper.store(decision.entry, decision.known.box)
                if not stored.is_stale:
                    return self._gateway.finish(decision, stored)
            await self._refresh(app_id)
            decision = self._gateway.decide(app_id, post)
            if decision is None:
                break  # unreadable, or refused by the present keys as well
        return await self._strangers.run(lambda: self._gateway.receive(app_id, post))

    async def _refresh(self, app_id: str) -> None:
        """Reads the account's keys and rules into memory: once for all who wait for them, raising what each must hear."""
        reading = self._refreshing.get(app_id)
        if reading is None:
            reading = asyncio.ensure_future(self._threads_for(app_id).run(lambda: self._gateway.refresh(app_id)))
            self._refreshing[app_id] = reading
            reading.add_done_callback(lambda done: self._refreshed(app_id, done))
        await asyncio.shield(reading)  # whoever gives up must not take the others with it

    def _threads_for(self, app_id: str) -> BoundedThreads:
        if self._gateway.expects(app_id):
            return self._readers
        if not self._gateway.may_read_strange(app_id):
            raise NotStored("too many strangers")
        return self._strangers

    def _refreshed(self, app_id: str, reading: asyncio.Future[None]) -> None:
        del self._refreshing[app_id]
        if not reading.cancelled():
            reading.exception()  # seen, also when everybody has given up


def _address(path: str) -> tuple[str, str]:
    """The account and the component that the path names; an event of the component itself names no account."""
    match path.removeprefix(PREFIX).split("/"):
        case [app_id] if app_id:
            return app_id, ""
        case [first, component] if first == COMPONENT and component:
            return "", component
        case [first, component, app_id] if first == COMPONENT and component and app_id:
            return app_id, component
    raise Refused(404, "path")


def _query(raw: bytes) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return dict(reversed(pairs))  # the first of a name counts


async def _body(scope: Scope, receive: Receive) -> bytes:
    """The body, no further than one byte too much; raises Refused."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if length.isdigit() and int(length[:12]) > MAX_BODY:
        raise Refused(413, "size")
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "disconnected")
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise Refused(413, "size")
        if not message.get("more_body", False):
            return body


async def _send(answer: Answer, send: Send) -> None:
    body = answer.body.encode()
    kind = b"application/xml" if body.startswith(b"<") else b"text/plain"
    headers = [(b"content-type", kind + b"; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
