"""Work on fans that takes its time: reading the followers, forgetting those who left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy.exc import OperationalError

from saas import clock
from saas.capability import Capability
from saas.db import db
from saas.jobs.plan import Job, Slot, plan_job
from saas.jobs.progress import ENDS_A_JOB, checkpoint
from saas.security.faults import describe
from saas.wechat.client import BATCH, WeChatClient
from tenants.accounts import services as accounts
from tenants.fans import services

ERASE_BATCH = 50
log = structlog.get_logger(__name__)


class NotForgotten(RuntimeError):
    """Some fans whose time had come could not be forgotten; the log names them, the next run tries them again."""


def sync_followers(account_id: str) -> None:
    """Reads an account's followers from WeChat; killed anywhere, the next run asks only for those still unknown."""
    account, started = UUID(account_id), clock.now()
    client = accounts.client_of(account)
    checkpoint(0)
    for openids in client.iter_followers():
        if not _take_in(client, account, openids, started):
            return
    services.part_with(account, at=started)
    accounts.record_followers_synced(account, started)


def sync_all() -> None:
    """Plans the reading of every connected account."""
    for account_id in accounts.connected_ids():
        plan_job("fans.sync_followers", account_id=str(account_id))


def erase_due() -> None:
    """Forgets the fans whose time has come, in parts that are committed each.

    One who can't be forgotten doesn't keep the others; raises NotForgotten in the end, so that people hear of it.
    """
    hooks, now, done, failed = erase_hooks(), clock.now(), 0, 0
    last: UUID | None = None
    while due := services.due_fans(now=now, limit=ERASE_BATCH, after=last):
        failed += sum(not _forget(fan_id, hooks) for fan_id in due)
        done, last = done + len(due), due[-1]
        if not checkpoint(done):
            break
    if failed:
        raise NotForgotten(f"{failed} fans")


def erase_hooks() -> Sequence[services.Erase]:
    """What every capability does to forget a fan; the lower ones last, as the higher ones ask them who it is."""
    return [one.personal_data.erase for one in reversed(_capabilities()) if one.personal_data is not None]


def export_hooks() -> Mapping[str, services.Export]:
    """What every capability hands out of a fan."""
    return {one.name: one.personal_data.export for one in _capabilities() if one.personal_data is not None}


def _forget(fan_id: UUID, hooks: Sequence[services.Erase]) -> bool:
    try:
        with db.session.begin_nested():
            services.erase_fan(fan_id, hooks)
    except (OperationalError, *ENDS_A_JOB):
        raise
    except Exception as error:
        log.error("fan_not_forgotten", fan_id=str(fan_id), **describe(error))
        return False
    return True


def _take_in(client: WeChatClient, account_id: UUID, openids: Sequence[str], at: datetime) -> bool:
    unknown = services.sort_out(account_id, openids, at=at)
    done = len(openids) - len(unknown)
    for first in range(0, len(unknown), BATCH):
        # Committed before each call: no transaction stays open while WeChat thinks.
        if not checkpoint(done + first, len(openids)):
            return False
        services.take_in(account_id, client.batch_get_users(unknown[first : first + BATCH]), at=at)
        services.count_found(account_id, at=at)
    return checkpoint(len(openids), len(openids))


def _capabilities() -> Sequence[Capability]:
    capabilities: Sequence[Capability] = current_app.extensions["capabilities"]
    return capabilities


JOBS = (
    Job(name="fans.sync_followers", run=sync_followers, timeout=timedelta(minutes=15)),
    Job(name="fans.sync_all", run=sync_all),
    Job(name=services.ERASE_JOB, run=erase_due, timeout=timedelta(minutes=15)),
)
SCHEDULE = (Slot(job="fans.sync_all", hour=3), Slot(job=services.ERASE_JOB, minutes=30))
