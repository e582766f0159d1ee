"""The operator's page: the deployment's health and its tenants, by counts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, text

from saas.db import db
from saas.wechat.backlog import ALARM_SECONDS
from saas.wechat.lanes import MOST_COUNTED, Lanes

_TENANTS = text("""
    SELECT t.id, t.name, a.name AS agency, t.created_at,
        (SELECT count(*) FROM account_directory AS d WHERE d.tenant_id = t.id) AS accounts,
        (SELECT count(*) FROM memberships AS m WHERE m.tenant_id = t.id AND m.disabled_at IS NULL) AS members
    FROM tenants AS t JOIN agencies AS a ON a.id = t.agency_id ORDER BY a.name, t.name, t.id
""")
_JOBS = text("""
    SELECT count(*) FILTER (WHERE state = 'planned' AND due_at <= now()) AS waiting,
        count(*) FILTER (WHERE state = 'running') AS running,
        count(*) FILTER (WHERE state = 'failed' AND finished_at > now() - interval '1 day') AS failed
    FROM jobs
""")
_SIZE = text("SELECT pg_database_size(current_database())")


@dataclass(frozen=True, slots=True)
class TenantCount:
    """A tenant by numbers: connected accounts and people."""

    id: UUID
    name: str
    agency: str
    created_at: object
    accounts: int
    members: int


@dataclass(frozen=True, slots=True)
class Health:
    """How the deployment is; seen with the role `platform`, which reads no content."""

    jobs_waiting: int
    jobs_running: int
    jobs_failed: int
    callbacks_open: int
    oldest_seconds: int
    database_bytes: int

    @property
    def is_behind(self) -> bool:
        """Whether callbacks wait too long to be counted."""
        return self.oldest_seconds > ALARM_SECONDS

    @property
    def has_uncounted(self) -> bool:
        """Whether more callbacks are open than were counted here."""
        return self.callbacks_open >= MOST_COUNTED


def count_tenants() -> Sequence[TenantCount]:
    """Every tenant of the deployment, without content."""
    return [TenantCount(*row) for row in db.session.execute(_TENANTS)]


def read_health() -> Health | None:
    """Work that waits or failed, callbacks not yet counted, the size of the database.

    None where this process was not given the role's address (DATABASE_PLATFORM_URL).
    """
    engine: Engine | None = db.engines.get("platform")
    if engine is None:
        return None
    with engine.connect() as connection:
        jobs = connection.execute(_JOBS).one()
        size: int = connection.execute(_SIZE).scalar_one()
    lanes = Lanes(engine)
    oldest = int(lanes.oldest_open_seconds())
    return Health(jobs.waiting, jobs.running, jobs.failed, lanes.count_open(), oldest, size)
