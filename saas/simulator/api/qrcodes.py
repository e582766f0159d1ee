"""Parametric QR codes and their pictures."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

import segno
from flask import Blueprint, Response, abort, current_app, request

from saas.simulator import codes
from saas.simulator.acting import Desk
from saas.simulator.errcodes import ApiError
from saas.simulator.gate import Answer, Call, Routes

routes = Routes()
pictures = Blueprint("qrcodes", __name__)
LONGEST, SHORTEST = 2_592_000, 60
MOST_PERMANENT = 100_000
NUMBERS = {"QR_SCENE": 2**32 - 1, "QR_LIMIT_SCENE": 100_000}
PERMANENT = ("QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE")


@routes.post("/cgi-bin/qrcode/create")
def create_code(call: Call) -> Answer:
    """A ticket for a scene, temporary or permanent."""
    action = call.text("action_name", 40053)
    if action not in SCENES:
        raise ApiError(40053)
    scene = call.group("action_info", 40053).get("scene")
    value = SCENES[action](action, scene if isinstance(scene, dict) else {})
    seconds = None if action in PERMANENT else _seconds(call)
    if seconds is None:
        _check_permanent(call)
    code = codes.create_code(call.store, call.account, action=action, scene=value, seconds=seconds)
    life = {"expire_seconds": seconds} if seconds else {}
    return {"ticket": code.ticket, **life, "url": code.url}


@pictures.get("/cgi-bin/showqrcode")
def show_code() -> Response:
    """The picture of a ticket; needs no token."""
    desk: Desk = current_app.extensions["simulator"]
    code = codes.find_code(desk.store, request.args.get("ticket") or "")
    if code is None or (code.expires_at is not None and code.expires_at <= desk.store.now()):
        abort(404)
    drawn = io.BytesIO()
    segno.make(code.url, error="m").save(drawn, kind="png", scale=10, border=4)
    return Response(drawn.getvalue(), mimetype="image/png", headers={"Cache-Control": "max-age=86400"})


def _number(action: str, scene: Mapping[str, object]) -> str:
    value = scene.get("scene_id")
    if not isinstance(value, int) or not 1 <= value <= NUMBERS[action]:
        raise ApiError(40053)
    return str(value)


def _name(action: str, scene: Mapping[str, object]) -> str:
    value = scene.get("scene_str")
    if not isinstance(value, str) or not 1 <= len(value) <= 64:
        raise ApiError(40053)
    return value


def _seconds(call: Call) -> int:
    wanted = call.body.get("expire_seconds")
    if wanted is None:
        return SHORTEST
    return max(1, min(call.number("expire_seconds"), LONGEST))


def _check_permanent(call: Call) -> None:
    sql = "SELECT count(*) FROM codes WHERE app_id = ? AND expires_at IS NULL"
    if call.store.count(sql, call.account.app_id) >= MOST_PERMANENT:
        raise ApiError(45009)


SCENES: Mapping[str, Callable[[str, Mapping[str, object]], str]] = {
    "QR_SCENE": _number,
    "QR_LIMIT_SCENE": _number,
    "QR_STR_SCENE": _name,
    "QR_LIMIT_STR_SCENE": _name,
}
