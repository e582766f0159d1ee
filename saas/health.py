"""Alive, ready, and the figures for Prometheus."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from saas.auth.entry import public
from saas.config import Config
from saas.db import db
from saas.wechat.backlog import ALARM_SECONDS, measure
from saas.wechat.consume import Consumer

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
    """What the process needs is there; names what is not. Without Redis only speed is lost.

    A consumer far behind is named too; it changes no status, as pages and answers go on.
    """
    missing = [name for name, check in (("postgresql", _postgresql), ("redis", _redis)) if not check()]
    status = 503 if "postgresql" in missing else 200
    late = {} if "postgresql" in missing else _late()
    return jsonify(status="ready" if status == 200 else "not ready", missing=missing, **late), status


@blueprint.get("/metrics")
@public
def metrics() -> Response:
    """The counters of all processes of this machine (METRICS_DIR), else of this one; the backlog as it is right now."""
    settings: Config = current_app.config["SETTINGS"]
    _late()
    return Response(_exposition(settings.metrics_dir), content_type=CONTENT_TYPE_LATEST)


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


def _late() -> dict[str, int]:
    """Sets the gauges of the backlog; how long the oldest callback has waited, when that is too long."""
    consumer: Consumer | None = current_app.extensions.get("consumer")
    try:
        seconds = measure(consumer.lanes) if consumer is not None else 0.0
    except SQLAlchemyError:
        return {}
    return {"oldest_callback_seconds": round(seconds)} if seconds > ALARM_SECONDS else {}


def _exposition(directory: str) -> bytes:
    if not directory:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=directory)
    return generate_latest(registry)
