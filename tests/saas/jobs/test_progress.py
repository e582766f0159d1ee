"""Long jobs commit in parts, show how far they are, and stop when asked to."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from saas.db import db
from saas.jobs.models import JobRow
from saas.jobs.plan import Job, plan_job
from saas.jobs.progress import checkpoint
from saas.jobs.runner import run_job
from saas.tenancy.scope import TenantRecord, current_scope, enter, system_scope

steps: list[int] = []
TAKEN = text("UPDATE jobs SET fence = fence + 1 WHERE name = 'long'")


def work(*, until: str) -> None:
    for step in range(1, 4):
        db.session.add(JobRow(name=f"part {step}", arguments={}, state="done"))
        if until == "taken" and step == 2:
            db.session.execute(TAKEN)
        steps.append(step)
        if not checkpoint(step, 3):
            return


@pytest.fixture(autouse=True)
def jobs(app: Flask) -> Iterator[None]:
    steps.clear()
    present = app.extensions["jobs"]
    app.extensions["jobs"] = {"long": Job(name="long", run=work, most_tries=1)}
    yield
    app.extensions["jobs"] = present


def ran(tenant: TenantRecord, until: str, *, stop: bool = False) -> tuple[JobRow, list[str]]:
    with enter(system_scope(tenant)):
        row = plan_job("long", until=until)
        db.session.flush()
        row_id: UUID = row.id
        db.session.execute(update(JobRow).where(JobRow.id == row_id).values(stop_requested=stop))
        db.session.commit()
    run_job(str(tenant.id), str(row_id))
    with enter(system_scope(tenant)):
        parts = db.session.scalars(select(JobRow.name).where(JobRow.name.like("part%")).order_by(JobRow.name)).all()
        return db.session.get_one(JobRow, (current_scope().tenant.id, row_id)), list(parts)


def test_a_long_job_shows_how_far_it_is(tenant: TenantRecord) -> None:
    row, parts = ran(tenant, "end")
    assert (row.state, row.done, row.total, len(parts)) == ("done", 3, 3, 3)


def test_a_job_asked_to_stop_keeps_what_it_did(tenant: TenantRecord) -> None:
    row, parts = ran(tenant, "end", stop=True)
    assert (row.done, steps, parts) == (1, [1], ["part 1"])


def test_a_job_taken_by_another_worker_ends_and_leaves_nothing_of_its_last_part(tenant: TenantRecord) -> None:
    _row, parts = ran(tenant, "taken")
    assert (steps, parts) == ([1, 2], ["part 1"])


def test_outside_a_job_nothing_is_committed(tenant: TenantRecord) -> None:
    with enter(system_scope(tenant)):
        db.session.add(JobRow(name="kept open", arguments={}))
        assert checkpoint(1)
        db.session.rollback()
        assert db.session.scalars(select(JobRow).where(JobRow.name == "kept open")).all() == []
