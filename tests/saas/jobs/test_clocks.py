"""A scheduler or a worker whose clock is wrong plans no slot before its time and takes no row twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from saas.db import db
from saas.jobs import schedule
from saas.jobs.models import JobRow
from saas.jobs.plan import Job, Slot, plan_job
from saas.jobs.runner import run_job
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.clocks import WRONG, wrong_by

ran: list[str] = []


@pytest.fixture(autouse=True)
def jobs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    monkeypatch.setitem(app.extensions, "jobs", {"tick": Job(name="tick", run=lambda: ran.append("tick"))})
    monkeypatch.setitem(app.extensions, "schedule", (Slot(job="tick", hour=0),))


def rows(tenant: TenantRecord) -> list[JobRow]:
    with enter(system_scope(tenant)):
        return list(db.session.scalars(select(JobRow)))


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_all_schedulers_plan_the_slot_of_the_databases_day(tenant: TenantRecord, wrong: timedelta) -> None:
    schedule.sweep()
    with wrong_by(wrong):
        schedule.sweep()
    assert len(rows(tenant)) == 1


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_row_that_another_works_on_is_left_to_it(tenant: TenantRecord, wrong: timedelta) -> None:
    with enter(system_scope(tenant)):
        row = plan_job("tick")
        db.session.flush()
        row.state, row.fence = "running", 1
        db.session.execute(db.text("UPDATE jobs SET lease_until = now() + interval '1 minute'"))
        db.session.commit()
    with wrong_by(wrong):
        run_job(str(tenant.id), str(row.id))
    assert (ran, rows(tenant)[0].fence) == ([], 1)
