"""What the sweep does with the work of a worker that died."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from saas import clock
from saas.db import db
from saas.jobs import schedule
from saas.jobs.models import JobRow
from saas.jobs.plan import Job, Repeat, plan_job
from saas.jobs.runner import run_job
from saas.tenancy.scope import TenantRecord, enter, system_scope

PAST, LATER = timedelta(seconds=-1), timedelta(minutes=1)
ran: list[str] = []


@pytest.fixture(autouse=True)
def jobs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran.clear()
    table = (
        Job(name="again", run=lambda: ran.append("again")),
        Job(name="once", run=lambda: ran.append("once"), repeat=Repeat.AT_MOST_ONCE),
    )
    monkeypatch.setitem(app.extensions, "jobs", {job.name: job for job in table})


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[UUID]]:
    """The rows that workers were told of."""
    rows: list[UUID] = []
    monkeypatch.setattr(schedule, "enqueue", lambda _tenant_id, job_id: rows.append(job_id))
    return rows


def begun(tenant: TenantRecord, name: str, lease: timedelta) -> UUID:
    """A row that a worker took, and when its lease ends."""
    with enter(system_scope(tenant)):
        row = plan_job(name)
        row.state, row.fence, row.tries, row.lease_until = "running", 1, 1, clock.now() + lease
        row.created_at = clock.now() - timedelta(hours=1)
        db.session.commit()
        return row.id


def read(tenant: TenantRecord, job_id: UUID) -> JobRow:
    with enter(system_scope(tenant)):
        return db.session.get_one(JobRow, (tenant.id, job_id))


def test_a_dead_workers_row_is_told_of_or_where_it_may_not_run_again_ended(
    tenant: TenantRecord, told: list[UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    again, once = begun(tenant, "again", PAST), begun(tenant, "once", PAST)
    schedule.sweep()
    assert again in told
    assert once not in told
    row = read(tenant, once)
    assert (row.state, row.error) == ("failed", "cut")
    assert row.finished_at is not None
    assert capsys.readouterr().out.count("job_cut") == 1


def test_what_was_ended_never_runs(tenant: TenantRecord, told: list[UUID]) -> None:
    once = begun(tenant, "once", PAST)
    for _ in range(2):
        schedule.sweep()
        run_job(str(tenant.id), str(once))
    assert (told.count(once), ran) == (0, [])


def test_who_was_only_slow_still_says_what_became_of_it(
    tenant: TenantRecord, app: Flask, told: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    with enter(system_scope(tenant)):
        planned = plan_job("once")
        db.session.commit()
        once = planned.id

    def outlive_the_lease() -> None:
        with db.engines["platform"].begin() as elsewhere:
            elsewhere.execute(update(JobRow).where(JobRow.id == once).values(lease_until=clock.now() + PAST))
        schedule.sweep()
        with db.engines["platform"].begin() as elsewhere:
            ran.append(elsewhere.scalar(select(JobRow.error).where(JobRow.id == once)) or "")

    job = Job(name="once", run=outlive_the_lease, repeat=Repeat.AT_MOST_ONCE)
    monkeypatch.setitem(app.extensions["jobs"], "once", job)
    run_job(str(tenant.id), str(once))
    row = read(tenant, once)
    assert (ran, row.state, row.error) == (["cut"], "done", "")


def test_who_still_works_is_left_alone(tenant: TenantRecord, told: list[UUID]) -> None:
    once = begun(tenant, "once", LATER)
    schedule.sweep()
    assert read(tenant, once).state == "running"
