"""Background work of the account matrix."""

from __future__ import annotations

from saas.db import db
from saas.jobs.plan import Job, Repeat
from tenants.accounts import services
from tenants.accounts.jobs import JOBS, SCHEDULE
from tests.factories.accounts import Tree, make_connected
from tests.tenants.accounts.conftest import FakeWeChat


def test_a_code_is_made_by_its_id(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.east)
    channel = services.create_channel(account_id=tree.east, node_id=tree.bund, name="台卡")
    db.session.commit()
    job_called("accounts.make_code").run(channel_id=str(channel.id))
    assert channel.state == "ready"


def test_the_days_calls_are_forgotten_once(tree: Tree, wechat: FakeWeChat) -> None:
    make_connected(tree.east)
    job = job_called("accounts.clear_quota")
    job.run(account_id=str(tree.east))
    assert wechat.cleared == 1
    assert job.repeat is Repeat.AT_MOST_ONCE


def test_authorisations_are_looked_at_each_night() -> None:
    assert [(slot.job, slot.minutes) for slot in SCHEDULE] == [("accounts.check_authorisations", None)]
    assert job_called("accounts.check_authorisations")


def job_called(name: str) -> Job:
    """The job of that name."""
    return next(job for job in JOBS if job.name == name)
