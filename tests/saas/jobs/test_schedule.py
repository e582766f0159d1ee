"""What the sweep does with the work of a worker that died."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select, update

from saas import clock
from saas.db import db
from saas.jobs import schedule
from saas.jobs.models import JobRow
from saas.jobs.plan import Job, Repeat, plan_job
from saas.jobs.queue import QUEUE
from saas.jobs.runner import run_job
from saas.stack.store import free_port
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


@pytest.fixture(autouse=True)
def redis(app: Flask) -> Redis:
    """Where workers are told; empty."""
    redis: Redis = app.extensions["redis"]
    redis.flushall()
    return redis


def told(redis: Redis) -> list[UUID]:
    """The rows that workers were told of."""
    return [UUID(job.args[1]) for job in Queue(QUEUE, connection=redis, serializer=JSONSerializer).jobs]


def begun(tenant: TenantRecord, name: str, lease: timedelta) -> UUID:
    """A row that a worker took, and when its lease ends."""
    with enter(system_scope(tenant)):
        row = plan_job(name)
        row.state, row.fence, row.tries, row.lease_until = "running", 1, 1, clock.now() + lease
        # Of all the rows of all the tests the first: a sweep tells of so many and no more.
        row.created_at = row.due_at = clock.now() - timedelta(days=400)
        db.session.commit()
        return row.id


def read(tenant: TenantRecord, job_id: UUID) -> JobRow:
    with enter(system_scope(tenant)):
        return db.session.get_one(JobRow, (tenant.id, job_id))


def test_a_dead_workers_row_is_told_of_or_where_it_may_not_run_again_ended(
    tenant: TenantRecord, redis: Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    again, once = begun(tenant, "again", PAST), begun(tenant, "once", PAST)
    redis.flushall()
    schedule.sweep()
    assert again in told(redis)
    assert once not in told(redis)
    row = read(tenant, once)
    assert (row.state, row.error) == ("failed", "cut")
    assert row.finished_at is not None
    assert capsys.readouterr().out.count("job_cut") == 1


def test_what_was_ended_never_runs(tenant: TenantRecord, redis: Redis) -> None:
    once = begun(tenant, "once", PAST)
    redis.flushall()
    for _ in range(2):
        schedule.sweep()
        run_job(str(tenant.id), str(once))
    assert (told(redis).count(once), ran) == (0, [])


def test_who_was_only_slow_still_says_what_became_of_it(
    tenant: TenantRecord, app: Flask, monkeypatch: pytest.MonkeyPatch
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


def test_who_still_works_is_left_alone(tenant: TenantRecord) -> None:
    once = begun(tenant, "once", LATER)
    schedule.sweep()
    assert read(tenant, once).state == "running"


def test_a_worker_that_is_away_hears_of_each_row_once(tenant: TenantRecord, redis: Redis) -> None:
    rows = [begun(tenant, "again", PAST) for _ in range(3)]
    for _ in range(5):
        schedule.sweep()
    assert [told(redis).count(row) for row in rows] == [1, 1, 1]


def test_a_row_is_told_of_again_when_redis_lost_it_or_a_worker_took_it_and_died(
    tenant: TenantRecord, redis: Redis
) -> None:
    lost, taken = begun(tenant, "again", PAST), begun(tenant, "again", PAST)
    redis.flushall()
    schedule.sweep()
    assert {lost, taken} <= set(told(redis))
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    (job,) = [one for one in queue.jobs if one.args[1] == str(taken)]
    redis.lrem(queue.key, 0, job.id)  # all else stays as a killed worker leaves it
    schedule.sweep()
    assert [told(redis).count(row) for row in (lost, taken)] == [1, 1]


def test_without_redis_the_sweep_waits_for_no_row(
    tenant: TenantRecord, app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        begun(tenant, "again", PAST)
    capsys.readouterr()
    monkeypatch.setitem(app.extensions, "redis", Redis(port=free_port()))
    assert schedule.sweep() == 0
    assert capsys.readouterr().out.count("redis_away") == 1


def test_a_redis_that_has_no_room_loses_nothing(tenant: TenantRecord, redis: Redis) -> None:
    redis.config_set("maxmemory", 1)
    try:
        row = begun(tenant, "again", PAST)
        schedule.sweep()
        assert told(redis) == []
    finally:
        redis.config_set("maxmemory", 0)
    schedule.sweep()
    assert row in told(redis)
