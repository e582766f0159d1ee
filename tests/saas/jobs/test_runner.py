"""Planned rows run once, are fenced, retried or left to a person; the schedule plans each slot once."""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import select, text, update

from saas import clock
from saas.config import Config
from saas.db import db
from saas.faultpoints import Point, arm
from saas.jobs import schedule
from saas.jobs.models import JobRow
from saas.jobs.plan import Job, Repeat, Slot, plan_job
from saas.jobs.queue import QUEUE
from saas.jobs.runner import run_job
from saas.tenancy.scope import TenantRecord, current_scope, enter, system_scope
from tests.factories.processes import wait_for

ran: list[str] = []


def note(*, mark: str) -> None:
    ran.append(mark)
    assert current_scope().principal.role == "system"


def fail(*, mark: str) -> None:
    ran.append(mark)
    db.session.add(JobRow(name="left over", arguments={}))
    raise ValueError("secret words")


@pytest.fixture(autouse=True)
def jobs(app: Flask) -> Iterator[None]:
    ran.clear()
    present = app.extensions["jobs"]
    table = (
        Job(name="note", run=note),
        Job(name="fail", run=fail),
        Job(name="once", run=fail, repeat=Repeat.AT_MOST_ONCE),
    )
    app.extensions["jobs"] = {job.name: job for job in table}
    yield
    app.extensions["jobs"] = present


def plan(tenant: TenantRecord, name: str, **more: object) -> UUID:
    with enter(system_scope(tenant)):
        row = plan_job(name, mark="a")
        for key, value in more.items():
            setattr(row, key, value)
        db.session.commit()
        return row.id


def read(tenant: TenantRecord, job_id: UUID) -> JobRow:
    with enter(system_scope(tenant)):
        return db.session.get_one(JobRow, (tenant.id, job_id))


def test_a_row_runs_once_however_often_it_is_told(tenant: TenantRecord) -> None:
    job_id = plan(tenant, "note")
    for _ in range(3):
        run_job(str(tenant.id), str(job_id))
    assert ran == ["a"]
    assert read(tenant, job_id).state == "done"


def test_a_later_row_waits(tenant: TenantRecord) -> None:
    job_id = plan(tenant, "note", due_at=clock.now() + timedelta(hours=1))
    run_job(str(tenant.id), str(job_id))
    assert ran == []


def test_a_failure_rolls_back_and_comes_again(tenant: TenantRecord) -> None:
    job_id = plan(tenant, "fail")
    run_job(str(tenant.id), str(job_id))
    row = read(tenant, job_id)
    assert (row.state, row.tries, row.error) == ("planned", 1, "ValueError")
    assert row.due_at > clock.now()
    with enter(system_scope(tenant)):
        assert db.session.scalar(select(JobRow).where(JobRow.name == "left over")) is None


def test_after_the_last_try_it_is_failed(tenant: TenantRecord) -> None:
    job_id = plan(tenant, "fail", tries=4)
    run_job(str(tenant.id), str(job_id))
    assert read(tenant, job_id).state == "failed"


def test_a_dead_workers_row_is_taken_over_or_left_to_a_person(tenant: TenantRecord) -> None:
    past = clock.now() - timedelta(seconds=1)
    again, never = (plan(tenant, name, state="running", lease_until=past) for name in ("note", "once"))
    for job_id in (again, never):
        run_job(str(tenant.id), str(job_id))
    assert read(tenant, again).state == "done"
    assert read(tenant, never).state == "running"


def test_a_lost_lease_writes_nothing(
    tenant: TenantRecord, app: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def outlive_the_lease(*, mark: str) -> None:
        db.session.add(JobRow(name=f"written {mark}", arguments={}))
        with db.engines["platform"].begin() as successor:
            successor.execute(update(JobRow).where(JobRow.id == job_id).values(fence=JobRow.fence + 1))

    monkeypatch.setitem(app.extensions["jobs"], "note", Job(name="note", run=outlive_the_lease))
    job_id = plan(tenant, "note")
    run_job(str(tenant.id), str(job_id))
    row = read(tenant, job_id)
    assert (row.state, row.fence, row.error) == ("running", 2, "")
    with enter(system_scope(tenant)):
        assert db.session.scalar(select(JobRow).where(JobRow.name == "written a")) is None
    logged = capsys.readouterr().out
    assert (logged.count("job_lost"), logged.count("job_failed")) == (1, 0)


@pytest.mark.parametrize(("name", "seconds"), [("note", 240), ("of a newer release", 300)])
def test_a_worker_is_given_as_long_as_the_job_says(tenant: TenantRecord, app: Flask, name: str, seconds: int) -> None:
    app.extensions["jobs"]["note"] = Job(name="note", run=note, timeout=timedelta(minutes=4))
    redis: Redis = app.extensions["redis"]
    redis.flushdb()
    plan(tenant, name)
    (told,) = Queue(QUEUE, connection=redis, serializer=JSONSerializer).jobs
    assert told.timeout == seconds


def test_a_job_that_takes_longer_is_stopped_and_comes_again(tenant: TenantRecord, app: Flask) -> None:
    app.extensions["jobs"]["note"] = Job(name="note", run=lambda **_: time.sleep(60), timeout=timedelta(seconds=4))
    app.extensions["redis"].flushdb()
    job_id = plan(tenant, "note")
    SimpleWorker([QUEUE], connection=app.extensions["redis"], serializer=JSONSerializer).work(burst=True)
    row = read(tenant, job_id)
    assert (row.state, row.tries, row.error) == ("planned", 1, "JobTimeoutException")


def test_committed_rows_are_told_to_redis_with_ids_only(tenant: TenantRecord, app: Flask) -> None:
    redis: Redis = app.extensions["redis"]
    redis.flushdb()
    job_id = plan(tenant, "note")
    (told,) = redis.lrange(f"rq:queue:{QUEUE}", 0, -1)
    data = zlib.decompress(redis.hget(f"rq:job:{told.decode()}", "data"))
    assert json.loads(data) == ["saas.jobs.runner.run_job", None, [str(tenant.id), str(job_id)], {}]


def test_a_flushed_redis_loses_nothing(tenant: TenantRecord, app: Flask) -> None:
    job_id = plan(tenant, "note")
    app.extensions["redis"].flushall()
    with enter(system_scope(tenant)):
        db.session.execute(text("UPDATE jobs SET created_at = now() - interval '1 minute'"))
        db.session.commit()
    assert schedule.sweep() >= 1
    assert app.extensions["redis"].llen(f"rq:queue:{QUEUE}") >= 1
    run_job(str(tenant.id), str(job_id))
    assert ran == ["a"]


def test_a_slot_is_planned_once(tenant: TenantRecord, app: Flask) -> None:
    present, app.extensions["schedule"] = app.extensions["schedule"], (Slot(job="note", hour=3),)
    try:
        schedule.sweep()
        schedule.sweep()
    finally:
        app.extensions["schedule"] = present
    with enter(system_scope(tenant)):
        assert len(db.session.scalars(select(JobRow).where(JobRow.slot.is_not(None))).all()) == 1


def test_a_sweep_that_fails_is_followed_by_another(app: Flask, tmp_path: Path) -> None:
    settings: Config = app.config["SETTINGS"]
    arm(Config(testing=True, fault_points=f"{Point.SWEEP_BEFORE_COMMIT}=raise", data_dir=tmp_path))
    app.config["SETTINGS"] = replace(settings, sweep_seconds=0.01)
    stop = threading.Event()

    def visits() -> list[str]:
        path = tmp_path / "faults" / "reached"
        return path.read_text().splitlines() if path.exists() else []

    try:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(sweeping, app, stop)
            try:
                wait_for(lambda: len(visits()) > 2, "sweeps")
            finally:
                stop.set()
    finally:
        app.config["SETTINGS"] = settings
        arm(settings)


def sweeping(app: Flask, stop: threading.Event) -> None:
    with app.app_context():
        schedule.run_forever(stop)


def test_slots_are_named_by_day_or_by_minutes() -> None:
    moment = clock.from_timestamp(1_790_000_000)
    assert schedule.slot_of(Slot(job="x", hour=0), moment) == f"{moment:%Y-%m-%d}"
    assert schedule.slot_of(Slot(job="x", minutes=60), moment).endswith(f" {moment.hour}")
