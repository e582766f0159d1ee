"""How far a job is: a long one commits in parts, holds its lease, and hears when it shall stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rq.timeouts import JobTimeoutException
from sqlalchemy import Interval, func, literal, update

from saas.db import db
from saas.jobs.models import JobRow
from saas.jobs.plan import Job


class JobLost(RuntimeError):
    """Another worker has taken the row since: whatever this one does from here on would be done twice."""


ENDS_A_JOB = (JobLost, JobTimeoutException)
"""What a job that goes on after the fault of one part must not go on after: its row is lost, or its time is over."""
_working: ContextVar[tuple[JobRow, Job] | None] = ContextVar("working", default=None)


@contextmanager
def working(row: JobRow, job: Job) -> Iterator[None]:
    """Says which row the present work belongs to; the runner calls it."""
    token = _working.set((row, job))
    try:
        yield
    finally:
        _working.reset(token)


def checkpoint(done: int, total: int | None = None) -> bool:
    """Commits what was done so far and shows it; False when a person asked to stop. Raises JobLost.

    Outside a job it does nothing and returns True.
    """
    present = _working.get()
    if present is None:
        return True
    row, job = present
    statement = (
        update(JobRow)
        .where(JobRow.id == row.id, JobRow.fence == row.fence, JobRow.state == "running")
        .values(done=done, total=total, lease_until=func.now() + literal(job.timeout, Interval))
        .returning(JobRow.stop_requested)
        .execution_options(synchronize_session=False)
    )
    stop_requested = db.session.scalar(statement)
    if stop_requested is None:
        db.session.rollback()
        raise JobLost(job.name)
    db.session.commit()
    return not stop_requested
