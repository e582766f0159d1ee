"""Alive, ready, the counters, and the API's description."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from redis import Redis


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "missing": []}


def test_without_redis_only_speed_is_lost(app: Flask, client: FlaskClient) -> None:
    present = app.extensions["redis"]
    app.extensions["redis"] = Redis(host="127.0.0.1", port=1, socket_timeout=0.2)
    try:
        answer = client.get("/readyz")
    finally:
        app.extensions["redis"] = present
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "missing": ["redis"]})


def test_the_counters_are_for_prometheus(client: FlaskClient) -> None:
    assert b"# TYPE" in client.get("/metrics").data


def test_the_api_can_be_read_by_programs_and_people(client: FlaskClient) -> None:
    description = client.get("/api/v1/openapi.json").json
    assert description["openapi"].startswith("3.1")
    assert "/api/v1/tenants/{tenant_id}/kpi/monthly" in description["paths"]
    assert "/api/v1/tenants/{tenant_id}/kpi/monthly" in client.get("/api/v1/docs").text
