"""RQ makes planned rows prompt: after each commit the new rows' ids are enqueued. Without Redis the sweep does it later."""

from __future__ import annotations

import math
from collections.abc import Sequence
from uuid import UUID

import structlog
from flask import Flask, current_app
from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import event

from saas.db import TenantSession, new_id
from saas.jobs.models import JobRow
from saas.jobs.plan import Job, JobTable

QUEUE = "default"
NEW = "planned jobs"
log = structlog.get_logger()


def init_app(app: Flask, redis_url: str) -> None:
    """Opens no connection yet; the client connects on first use."""
    app.extensions["redis"] = Redis.from_url(redis_url, socket_timeout=2) if redis_url else None


def enqueue(tenant_id: UUID, job_id: UUID, name: str) -> None:
    """Tells the workers of a row; a second telling of the same row does nothing. Silent when Redis is away.

    The worker is stopped when the row's lease ends: RQ's own limit would end every job after three minutes.
    """
    redis: Redis | None = current_app.extensions["redis"]
    if redis is None:
        return
    try:
        _queue(redis).enqueue(
            "saas.jobs.runner.run_job",
            str(tenant_id),
            str(job_id),
            # One of its own for each telling, so that what RQ keeps of a dead worker's is never taken for the next.
            job_id=f"{job_id}_{new_id()}",
            job_timeout=_seconds(name),
            result_ttl=0,
            failure_ttl=0,
        )
    except RedisError as error:
        log.warning("redis_away", error=type(error).__name__)


def enqueue_missing(rows: Sequence[tuple[UUID, UUID, str]]) -> int:
    """Tells the workers of those rows that stand in Redis no more; how many. Without it a queue that nobody works off
    would grow by every row with every sweep.
    """
    redis: Redis | None = current_app.extensions["redis"]
    if redis is None or not rows:
        return 0
    try:
        waiting = {told.partition("_")[0] for told in _queue(redis).job_ids}
    except RedisError as error:
        log.warning("redis_away", error=type(error).__name__)
        return 0
    missing = [row for row in rows if str(row[1]) not in waiting]
    for row in missing:
        enqueue(*row)
    return len(missing)


def _queue(redis: Redis) -> Queue:
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


def _seconds(name: str) -> int:
    table: JobTable = current_app.extensions["jobs"]
    # A job that only a newer release knows is told of too: its workers may be there already.
    timeout = table[name].timeout if name in table else Job.timeout
    return math.ceil(timeout.total_seconds())


@event.listens_for(TenantSession, "after_flush")
def _remember(session: TenantSession, _context: object) -> None:
    rows = [row for row in session.new if isinstance(row, JobRow)]
    if rows:
        session.info.setdefault(NEW, []).extend((row.tenant_id, row.id, row.name) for row in rows)


@event.listens_for(TenantSession, "after_commit")
def _enqueue_new(session: TenantSession) -> None:
    for row in session.info.pop(NEW, ()):
        enqueue(*row)


@event.listens_for(TenantSession, "after_rollback")
def _forget(session: TenantSession) -> None:
    session.info.pop(NEW, None)
