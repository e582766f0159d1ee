"""The ASGI application: GET /live?tenant=… answers with server-sent events while the browser stays."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from saas.config import Config
from saas.stream.access import Access
from saas.stream.hub import Hub

CHECK_SECONDS = 5


def create_stream(config: Config) -> Starlette:
    """Puts the process together; connects when it starts serving."""
    hub, access = Hub(config.database_url), Access(config)
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(config.public_url))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        listener = asyncio.create_task(hub.run())
        yield
        listener.cancel()
        access.close()

    async def live(request: Request) -> Response:
        tenant_id = _tenant(request.query_params.get("tenant", ""))
        cookie = request.cookies.get(access.cookie, "")
        if tenant_id is None or not await asyncio.to_thread(access.allows, cookie, tenant_id):
            return PlainTextResponse("", status_code=404)
        stream = _events(hub, access, cookie, tenant_id)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", **_shared_with(request, origin)}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    return Starlette(routes=[Route("/live", live), Route("/healthz", alive)], lifespan=lifespan)


async def _events(hub: Hub, access: Access, cookie: str, tenant_id: UUID) -> AsyncIterator[str]:
    """Topics as they come, a comment as heartbeat; ends within seconds when the session or membership ends."""
    checked = time.monotonic()
    yield "retry: 2000\n\n"
    with hub.listening(tenant_id) as queue:
        while True:
            try:
                topic = await asyncio.wait_for(queue.get(), timeout=CHECK_SECONDS)
                yield f"data: {json.dumps({'topic': topic})}\n\n"
            except TimeoutError:
                yield ": \n\n"
            if time.monotonic() - checked > CHECK_SECONDS:
                checked = time.monotonic()
                if not await asyncio.to_thread(access.allows, cookie, tenant_id):
                    return


def _tenant(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _shared_with(request: Request, origin: str) -> dict[str, str]:
    # Under `make run` pages come from another port: the browser asks for leave to read across origins.
    asked = request.headers.get("origin")
    if asked is None:
        return {}
    same_host = urlsplit(asked).hostname == urlsplit(str(request.url)).hostname
    if asked != origin and not same_host:
        return {}
    return {"Access-Control-Allow-Origin": asked, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}
