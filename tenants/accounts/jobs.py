"""Background work of the account matrix."""

from __future__ import annotations

from uuid import UUID

from saas.jobs.plan import Job, Repeat, Slot
from tenants.accounts import services


def make_code(channel_id: str) -> None:
    """Has WeChat make a channel code."""
    services.make_code(UUID(channel_id))


def take_authorisation(event_id: str) -> None:
    """Works on what was heard of an authorisation."""
    services.take_authorisation(UUID(event_id))


def check_authorisation(account_id: str) -> None:
    """Compares with WeChat what is kept of an authorisation."""
    services.check_authorisation(UUID(account_id))


def check_authorisations() -> None:
    """Plans the comparing of every authorised account."""
    services.plan_checks()


def clear_quota(account_id: str) -> None:
    """Has WeChat forget an account's calls of the day, as a person wished."""
    services.clear_at_wechat(UUID(account_id))


# Run twice, WeChat would issue a second ticket for the same scene: both lead to the same code.
JOBS = (
    Job(name="accounts.make_code", run=make_code),
    Job(name="accounts.take_authorisation", run=take_authorisation, most_tries=10),
    Job(name=services.CHECK_JOB, run=check_authorisation),
    Job(name="accounts.check_authorisations", run=check_authorisations),
    # Ten times a month: what may have worked is not tried again.
    Job(name=services.CLEAR_JOB, run=clear_quota, repeat=Repeat.AT_MOST_ONCE),
)
SCHEDULE = (Slot(job="accounts.check_authorisations", hour=2),)
