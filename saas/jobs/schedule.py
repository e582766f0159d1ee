"""The schedule: rows in PostgreSQL, one per slot; any number of schedulers may run."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from flask import current_app
from sqlalchemy import Engine, text

from saas.arrays import text_array
from saas.config import Config
from saas.db import db, new_id
from saas.faultpoints import Point, reach
from saas.jobs.memory import MemoryWatch
from saas.jobs.plan import JobTable, Repeat, Slot
from saas.jobs.queue import enqueue_missing
from saas.security.faults import describe
from saas.tenancy.directory import list_tenants
from saas.tenancy.scope import TenantRecord, enter_directory

log = structlog.get_logger(__name__)

_PLAN = text(
    "INSERT INTO jobs (tenant_id, id, name, arguments, slot, due_at) "
    "VALUES (:tenant, :id, :name, '{}', :slot, now()) ON CONFLICT (tenant_id, name, slot) DO NOTHING"
)
_DUE = text(
    "SELECT tenant_id, id, name FROM jobs WHERE due_at <= now() AND created_at < now() - interval '2 seconds' "
    "AND (state = 'planned' OR state = 'running' AND lease_until < now()) ORDER BY due_at LIMIT 500"
)
_NOW = text("SELECT clock_timestamp()")
_CUT = text(
    "UPDATE jobs SET state = 'failed', error = 'cut', finished_at = now() "
    "WHERE state = 'running' AND lease_until < now() AND name = ANY(CAST(:names AS text[])) RETURNING id, name"
)


def sweep() -> int:
    """Plans the slots that are due and tells the workers of every open row; returns how many it told of.

    A row of which a telling still waits in Redis is not told of again. A row that may not run again and whose worker died is ended before: nobody knows whether its work was done.
    """
    engine: Engine = db.engines["platform"]
    with enter_directory():
        tenants = list_tenants()
    slots: Sequence[Slot] = current_app.extensions["schedule"]
    with engine.begin() as connection:
        # The database's hour, not this machine's: a clock that is wrong here plans nothing before its time.
        moment = connection.scalars(_NOW).one()
        plans = [_planned(tenant, slot, moment) for tenant in tenants for slot in slots]
        if plans:
            connection.execute(_PLAN, plans)
        cut = connection.execute(_CUT, {"names": text_array(_at_most_once())}).all()
        rows = [(row.tenant_id, row.id, row.name) for row in connection.execute(_DUE)]
        reach(Point.SWEEP_BEFORE_COMMIT)
    for job_id, name in cut:
        log.error("job_cut", job=name, job_id=str(job_id))
    return enqueue_missing(rows)


def run_forever(stop: threading.Event) -> None:
    """Sweeps every few seconds (SWEEP_SECONDS) until told to stop; a fault of the database is waited out."""
    settings: Config = current_app.config["SETTINGS"]
    memory = MemoryWatch(current_app.extensions["redis"])
    while not stop.wait(settings.sweep_seconds):
        try:
            memory.look()
            sweep()
        except Exception as error:
            log.error("sweep_failed", **describe(error))


def slot_of(slot: Slot, moment: datetime) -> str:
    """The name of the slot that a moment (in the tenant's zone) lies in: the same for every scheduler."""
    if slot.minutes is not None:
        minutes = moment.hour * 60 + moment.minute
        return f"{moment:%Y-%m-%d} {minutes // slot.minutes}"
    return f"{moment - timedelta(hours=slot.hour):%Y-%m-%d}"


def _at_most_once() -> list[str]:
    table: JobTable = current_app.extensions["jobs"]
    return [job.name for job in table.values() if job.repeat is Repeat.AT_MOST_ONCE]


def _planned(tenant: TenantRecord, slot: Slot, moment: datetime) -> dict[str, object]:
    here = moment.astimezone(ZoneInfo(tenant.time_zone))
    return {"tenant": tenant.id, "id": new_id(), "name": slot.job, "slot": slot_of(slot, here)}
