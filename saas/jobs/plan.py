"""Planning: a service writes its intention as a row; the edge makes it prompt after the commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from saas.db import db
from saas.jobs.models import JobRow
from saas.tenancy.scope import current_scope


class Repeat(StrEnum):
    """What may happen to a job whose worker died: again, or it has failed (`cut`), and a human decides."""

    RERUNNABLE = "rerunnable"
    AT_MOST_ONCE = "at_most_once"


@dataclass(frozen=True, kw_only=True)
class Job:
    """A kind of work. `run` takes ids as keyword arguments, in the tenant's scope; the runner commits."""

    name: str
    run: Callable[..., None]
    repeat: Repeat = Repeat.RERUNNABLE
    timeout: timedelta = timedelta(minutes=5)
    most_tries: int = 5


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A repeated job for every tenant: due daily at `hour` in the tenant's zone, or every `minutes` when given."""

    job: str
    hour: int = 0
    minutes: int | None = None


def plan_job(name: str, *, due_at: datetime | None = None, **ids: str) -> JobRow:
    """Adds a row of work to the session; it starts soon after the commit, or at `due_at`."""
    row = JobRow(name=name, arguments=ids, created_by=current_scope().principal.user_id)
    if due_at is not None:
        row.due_at = due_at
    db.session.add(row)
    return row


JobTable = Mapping[str, Job]
