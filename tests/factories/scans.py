"""What was heard of scans, worked off as a worker would."""

from __future__ import annotations

from sqlalchemy import select

from saas.db import db
from saas.jobs.models import JobRow
from saas.jobs.runner import run_job
from saas.tenancy.scope import TenantRecord
from tenants.accounts.models import AuthorisationEvent
from tests.factories.processes import wait_for


def worked_off(tenant: TenantRecord) -> bool:
    """Runs what is planned for authorisations, as a worker would; whether nothing came in meanwhile."""
    db.session.rollback()
    query = select(JobRow.id).where(JobRow.name == "accounts.take_authorisation").order_by(JobRow.created_at)
    for job_id in db.session.scalars(query).all():
        run_job(str(tenant.id), str(job_id))
    db.session.expire_all()
    return db.session.scalars(select(AuthorisationEvent).where(AuthorisationEvent.outcome == "")).first() is None


def settled(tenant: TenantRecord, *awaited: str) -> list[tuple[str, str]]:
    """What became of everything heard; waits for what Tencent tells in its own time."""
    wait_for(lambda: set(awaited) <= set(kinds()), f"Tencent tells of {awaited}")
    wait_for(lambda: worked_off(tenant), "everything is worked off")
    rows = db.session.scalars(select(AuthorisationEvent)).all()
    assert all(row.code is None for row in rows if row.outcome), "a code that was used is forgotten"
    return sorted((row.kind, row.outcome) for row in rows if row.outcome)


def kinds() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuthorisationEvent.kind)))
