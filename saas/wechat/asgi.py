"""The ASGI application of the callbacks' process, put together from the program's parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flask import Flask
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from saas.config import Config
from saas.wechat.admission import Admission
from saas.wechat.commits import GroupCommit
from saas.wechat.door import PREFIX, CallbackDoor, Receive, Scope, Send
from saas.wechat.drain import Drain
from saas.wechat.gateway import Gateway
from saas.wechat.journal import Journal, NotStored
from saas.wechat.keeper import Keeper
from saas.wechat.spool import Spool
from saas.wechat.warming import Warming

MEGABYTE = 1024 * 1024


class Callbacks:
    """An ASGI callable: callbacks go straight to their door, all else to the few routes beside it.

    A warm one reads all accounts soon after its start; one that isn't reads each when it is first called.
    """

    def __init__(self, app: Flask, *, is_warm: bool = True, admission: Admission | None = None) -> None:
        config: Config = app.config["SETTINGS"]
        self._app = app
        self._journal: Journal = app.extensions["journal"]
        gateway: Gateway = app.extensions["gateway"]
        spool = Spool(config.data_dir / "spool", most_bytes=config.spool_megabytes * MEGABYTE)
        self._admission = admission or Admission()
        self._drain = Drain(spool, self._journal)
        self.keeper = Keeper(GroupCommit(config.database_url), spool, ping=self._journal.reconnect, drain=self._drained)
        self._door = CallbackDoor(app, gateway, self.keeper, self._admission)
        self._warming = Warming(app, gateway) if is_warm else None
        asked = {"/healthz": _alive, "/startupz": self._started, "/readyz": self._ready, "/metrics": _metrics}
        routes = [Route(path, answer) for path, answer in asked.items()]
        self._rest = Starlette(routes=routes, lifespan=self._lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the process's beginning and end."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._door.serve(scope, receive, send)
        else:
            await self._rest(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        watch = asyncio.create_task(self._admission.watch())
        await self.keeper.open()
        if self._warming is not None:
            self._warming.start()
        yield
        if self._warming is not None:
            self._warming.stop()
        watch.cancel()
        await self.keeper.close()
        self._door.close()

    async def _started(self, _request: Request) -> Response:
        """Whether all accounts were read: who restarts two processes in turn waits for it."""
        if self._warming is None or self._warming.is_settled:
            return JSONResponse({"status": "started"})
        return JSONResponse({"status": "starting"}, status_code=503)

    async def _ready(self, _request: Request) -> Response:
        """Ready to answer callbacks it has not answered before: the spool alone does not do for those."""
        try:
            await asyncio.to_thread(self._journal.ping)
        except NotStored:
            return JSONResponse({"status": "not ready", "missing": ["postgresql"]}, status_code=503)
        return JSONResponse({"status": "ready", "missing": []})

    def _drained(self) -> int:
        with self._app.app_context():
            return self._drain.run_once()


async def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "alive"})


async def _metrics(_request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
