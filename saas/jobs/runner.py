"""Running a planned row: claim by a conditional update with a lease, enter the scope, run, commit."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, Interval, func, literal, or_, update

from saas.db import db
from saas.faultpoints import Point, reach
from saas.jobs.models import JobRow
from saas.jobs.plan import Job, JobTable, Repeat
from saas.jobs.progress import JobLost, working
from saas.security.faults import describe
from saas.tenancy.directory import find_tenant
from saas.tenancy.scope import TenantRecord, enter, enter_directory, system_scope

BACKOFF = timedelta(seconds=30)
log = structlog.get_logger()


def run_job(tenant_id: str, job_id: str) -> None:
    """Runs one row if it is still due; a repeat, a late telling and a second worker find nothing to do."""
    with enter_directory():
        tenant = find_tenant(UUID(tenant_id))
    claimed = _claim(tenant, UUID(job_id))
    if claimed is not None:
        reach(Point.JOB_CLAIMED)
        _run(tenant, *claimed)


def _run(tenant: TenantRecord, row: JobRow, job: Job) -> None:
    try:
        with enter(system_scope(tenant)):
            with working(row, job):
                job.run(**row.arguments)
            if not _finish(row, state="done", error="", finished_at=func.now()):
                raise JobLost(job.name)
            db.session.commit()
    except JobLost:
        # What it did since its last checkpoint is not kept, and what became of the row is its successor's to say.
        log.warning("job_lost", job=job.name, job_id=str(row.id))
    except Exception as error:
        log.error("job_failed", job=job.name, job_id=str(row.id), **describe(error))
        with enter(system_scope(tenant)):
            _finish(row, **_failure(row, job, error))
            db.session.commit()


def _claim(tenant: TenantRecord, job_id: UUID) -> tuple[JobRow, Job] | None:
    table: JobTable = current_app.extensions["jobs"]
    with enter(system_scope(tenant)):
        row = db.session.get(JobRow, (tenant.id, job_id))
        job = table.get(row.name) if row is not None else None
        if row is None or job is None:
            return None
        statement = (
            update(JobRow)
            .where(JobRow.id == job_id, _is_free(job), JobRow.due_at <= func.now())
            .values(
                state="running",
                fence=JobRow.fence + 1,
                tries=JobRow.tries + 1,
                lease_until=func.now() + literal(job.timeout, Interval),
            )
            .returning(JobRow)
            .execution_options(populate_existing=True)
        )
        claimed = db.session.scalar(statement)
        db.session.commit()
        return None if claimed is None else (claimed, job)


def _is_free(job: Job) -> ColumnElement[bool]:
    planned = JobRow.state == "planned"
    if job.repeat is Repeat.AT_MOST_ONCE:
        return planned
    return or_(planned, (JobRow.state == "running") & (JobRow.lease_until < func.now()))


def _finish(row: JobRow, **values: object) -> bool:
    # Fenced: a worker that lost its lease writes nothing over its successor's result, and nothing beside it.
    statement = update(JobRow).where(JobRow.id == row.id, JobRow.fence == row.fence).values(**values)
    written = statement.returning(JobRow.id).execution_options(synchronize_session=False)
    return db.session.scalar(written) is not None


def _failure(row: JobRow, job: Job, error: Exception) -> dict[str, object]:
    values: dict[str, object] = {"error": type(error).__name__}
    if job.repeat is Repeat.AT_MOST_ONCE or row.tries >= job.most_tries:
        return {**values, "state": "failed", "finished_at": func.now()}
    return {**values, "state": "planned", "due_at": func.now() + literal(BACKOFF * row.tries, Interval)}
