"""RQ makes planned rows prompt: after each commit the new rows' ids are enqueued. Without Redis the sweep does it later."""

from __future__ import annotations

from uuid import UUID

import structlog
from flask import Flask, current_app
from redis import Redis, RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import event

from saas.db import TenantSession
from saas.jobs.models import JobRow

QUEUE = "default"
NEW = "planned jobs"
log = structlog.get_logger()


def init_app(app: Flask, redis_url: str) -> None:
    """Opens no connection yet; the client connects on first use."""
    app.extensions["redis"] = Redis.from_url(redis_url, socket_timeout=2) if redis_url else None


def enqueue(tenant_id: UUID, job_id: UUID) -> None:
    """Tells the workers of a row; a second telling of the same row does nothing. Silent when Redis is away."""
    redis: Redis | None = current_app.extensions["redis"]
    if redis is None:
        return
    try:
        queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
        queue.enqueue("saas.jobs.runner.run_job", str(tenant_id), str(job_id), result_ttl=0, failure_ttl=0)
    except RedisError as error:
        log.warning("redis_away", error=type(error).__name__)


@event.listens_for(TenantSession, "after_flush")
def _remember(session: TenantSession, _context: object) -> None:
    rows = [row for row in session.new if isinstance(row, JobRow)]
    if rows:
        session.info.setdefault(NEW, []).extend((row.tenant_id, row.id) for row in rows)


@event.listens_for(TenantSession, "after_commit")
def _enqueue_new(session: TenantSession) -> None:
    for tenant_id, job_id in session.info.pop(NEW, ()):
        enqueue(tenant_id, job_id)


@event.listens_for(TenantSession, "after_rollback")
def _forget(session: TenantSession) -> None:
    session.info.pop(NEW, None)
