"""Alive, ready, and the figures for Prometheus."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from saas.auth.entry import public
from saas.db import db

blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Registers /healthz, /readyz and /metrics."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """What the process needs is there; names what is not. Without Redis only speed is lost."""
    missing = [name for name, check in (("postgresql", _postgresql), ("redis", _redis)) if not check()]
    status = 503 if "postgresql" in missing else 200
    return jsonify(status="ready" if status == 200 else "not ready", missing=missing), status


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """The counters of this process."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _postgresql() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _redis() -> bool:
    client = current_app.extensions["redis"]
    try:
        return client is not None and bool(client.ping())
    except RedisError:
        return False
