"""Alive, ready, the counters, and the API's description."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from saas.config import Config
from saas.health import _exposition
from saas.tenancy.scope import TenantRecord
from tests.factories.backlog import late_callback
from tests.factories.processes import ROOT, environment


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json.items() >= {"status": "ready", "missing": []}.items()


def test_without_redis_only_speed_is_lost(app: Flask, client: FlaskClient) -> None:
    present = app.extensions["redis"]
    app.extensions["redis"] = Redis(host="127.0.0.1", port=1, socket_timeout=0.2)
    try:
        answer = client.get("/readyz")
    finally:
        app.extensions["redis"] = present
    assert (answer.status_code, answer.json["status"], answer.json["missing"]) == (200, "ready", ["redis"])


def test_a_consumer_far_behind_is_named_and_changes_no_status(client: FlaskClient, tenant: TenantRecord) -> None:
    with late_callback(tenant):
        answer, lines = client.get("/readyz"), client.get("/metrics").text.splitlines()
    assert (answer.status_code, answer.json["status"]) == (200, "ready")
    assert answer.json["oldest_callback_seconds"] >= 300
    values = dict(line.rsplit(" ", 1) for line in lines if line.startswith("wechat_journal_"))
    assert float(values["wechat_journal_oldest_open_seconds"]) >= 300
    assert float(values["wechat_journal_open_rows"]) >= 1


def test_the_figures_of_all_processes_are_read_where_they_share_a_folder(config: Config, tmp_path: Path) -> None:
    counted = "from saas.wechat.metrics import CONSUMED; CONSUMED.inc({})"
    shared = {**environment(config), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for rows in (3, 4):
        subprocess.run([sys.executable, "-c", counted.format(rows)], env=shared, cwd=ROOT, check=True)
    assert b"wechat_journal_consumed_total 7.0" in _exposition(str(tmp_path))


@pytest.mark.parametrize(
    ("gauge", "place"),
    [
        ("SPOOL_BYTES", "saas.wechat.metrics"),
        ("OLDEST_OPEN", "saas.wechat.metrics"),
        ("OPEN_ROWS", "saas.wechat.metrics"),
        ("OLDEST_OPEN", "saas.wechat.outbox.metrics"),
    ],
)
def test_what_a_dead_process_measured_gives_way_to_what_another_measures(
    config: Config, tmp_path: Path, gauge: str, place: str
) -> None:
    measured = f"from {place} import {gauge}; {gauge}.set({{}}); print({gauge}._name)"
    shared = {**environment(config), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for value in (50_000, 7):
        command = [sys.executable, "-c", measured.format(value)]
        said = subprocess.run(command, env=shared, cwd=ROOT, check=True, capture_output=True, text=True)
    assert f"\n{said.stdout.strip()} 7.0\n" in _exposition(str(tmp_path)).decode()


def test_the_counters_are_for_prometheus(client: FlaskClient) -> None:
    assert b"# TYPE" in client.get("/metrics").data


def test_the_api_can_be_read_by_programs_and_people(client: FlaskClient) -> None:
    description = client.get("/api/v1/openapi.json").json
    assert description["openapi"].startswith("3.1")
    assert "/api/v1/tenants/{tenant_id}/kpi/monthly" in description["paths"]
    assert "/api/v1/tenants/{tenant_id}/kpi/monthly" in client.get("/api/v1/docs").text
