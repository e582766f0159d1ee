"""Faults in the log: what and where, never what somebody wrote."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from saas.auth import api
from saas.auth.roles import Role
from saas.db import db
from saas.jobs.plan import Job, plan_job
from saas.jobs.runner import run_job
from saas.security.faults import describe
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.people import make_member

WORDS = "oCanaryOpenid says hello"


def fail(**_ids: str) -> None:
    raise ValueError(WORDS)


def fail_twice_the_same(**_ids: str) -> None:
    db.session.execute(text("CREATE TEMP TABLE said (words text PRIMARY KEY) ON COMMIT DROP"))
    for _ in range(2):
        db.session.execute(text("INSERT INTO said VALUES (:words)"), {"words": WORDS})


def test_a_fault_of_a_page_is_logged_without_words(
    client: FlaskClient, tenant: TenantRecord, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(api, "_present", fail)
    member = make_member(Role.BRAND_HQ, tenant=tenant)
    answer = client.get(f"/api/v1/tenants/{tenant.id}", headers=member.bearer)
    logged = capfd.readouterr().out
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert answer.json["request_id"] in logged
    assert "ValueError" in logged
    assert WORDS not in logged + answer.text


@pytest.mark.parametrize("run", [fail, fail_twice_the_same])
def test_a_failed_job_is_logged_without_words(
    app: Flask, tenant: TenantRecord, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], run: Any
) -> None:
    monkeypatch.setitem(app.extensions["jobs"], "failing", Job(name="failing", run=run))
    with enter(system_scope(tenant)):
        row = plan_job("failing")
        db.session.commit()
    run_job(str(tenant.id), str(row.id))
    logged = capfd.readouterr().out
    assert "job_failed" in logged
    assert "Canary" not in logged


def test_a_fault_names_the_way_to_its_place() -> None:
    with pytest.raises(ValueError, match="Canary") as caught:
        fail()
    found = describe(caught.value)
    assert found["error"] == "ValueError"
    assert found["way"].rpartition(" > ")[2].startswith("test_faults:")
    assert WORDS not in str(found)
