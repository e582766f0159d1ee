"""Temporary media, and pictures for articles."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app

from saas.simulator import media
from saas.simulator.acting import Desk
from saas.simulator.errcodes import ApiError
from saas.simulator.gate import Answer, Call, Routes
from saas.simulator.media import Media

routes = Routes()
pictures = Blueprint("mmbiz", __name__)


@routes.post("/cgi-bin/media/upload", verified=False)
def upload(call: Call) -> Answer:
    """A temporary file, for three days."""
    kind = call.request.args.get("type") or call.request.form.get("type") or ""
    if kind not in ("image", "voice", "video", "thumb"):
        raise ApiError(40004)
    stored = _store(call, kind)
    name = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, name: stored.media_id, "created_at": stored.created_at}


@routes.post("/cgi-bin/media/uploadimg", verified=False)
def upload_picture(call: Call) -> Answer:
    """A picture for articles, by its address."""
    return {"url": f"{call.request.host_url}mmbiz/{_store(call, 'uploadimg').media_id}"}


@routes.get("/cgi-bin/media/get", verified=False)
def download(call: Call) -> Answer:
    """The file itself; of a video its address."""
    media_id = call.request.args.get("media_id") or ""
    if not media_id:
        raise ApiError(41006)
    stored = media.find(call.store, call.account, media_id)
    if stored is None:
        raise ApiError(40007)
    if stored.type == "video":
        return {"video_url": f"{call.request.host_url}mmbiz/{stored.media_id}"}
    return _file(stored, f'attachment; filename="{quote(stored.filename)}"')


@pictures.get("/mmbiz/<media_id>")
def show(media_id: str) -> Response:
    """Tencent's picture host: whoever knows the address sees the file."""
    desk: Desk = current_app.extensions["simulator"]
    stored = media.find_public(desk.store, media_id)
    if stored is None:
        abort(404)
    return _file(stored, "inline")


def _store(call: Call, kind: str) -> Media:
    sent = call.request.files.get("media")
    if sent is None:
        raise ApiError(41005)
    with sent.stream as file:
        content = file.read()
    return media.upload(call.store, call.account, kind, filename=sent.filename or "", content=content)


def _file(stored: Media, disposition: str) -> Response:
    headers = {"Content-disposition": disposition, "Cache-Control": "max-age=86400"}
    return Response(stored.content, mimetype=stored.mimetype, headers=headers)
