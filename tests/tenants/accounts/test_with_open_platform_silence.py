"""An authorisation that was withdrawn or changed while nobody could tell us."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from saas import clock
from saas.db import db
from saas.jobs.models import JobRow
from saas.jobs.plan import plan_job
from saas.jobs.runner import run_job
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.outbox import CustomMessage, OutboxRow, plan
from saas.wechat.outbox.calling import Caller
from saas.wechat.outbox.ports import no_copy
from saas.wechat.outbox.sending import Sender
from saas.wechat.quota import fans
from saas.wechat.quota.acts import GRANTS, Changes, Trigger
from saas.wechat.replies import TextReply
from tenants.accounts import services
from tenants.accounts.errors import AuthorisationWithdrawn
from tenants.accounts.handlers import observe_sent
from tenants.accounts.services import Condition
from tests.factories.accounts import make_account
from tests.factories.owners import Owner, returned, way_to
from tests.factories.scans import settled

FAN = "oFan0000000000000000000000001"


@pytest.fixture
def app(simulated: Flask) -> Flask:
    """The application, whose WeChat is the simulator."""
    return simulated


@pytest.fixture
def account_id(app: Flask, tenant: TenantRecord, register: Any, owner: Owner) -> UUID:
    """An account connected by a scan, of which Tencent tells us nothing from now on."""
    register(event_delay=-1)
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        returned(app, owner.confirm(way_to(account.id)))
        assert settled(tenant) == [("returned", "connected")]
        return account.id


def sent(tenant: TenantRecord, account_id: UUID) -> tuple[str, int | None]:
    """A message to a fan, and what became of it."""
    until = clock.now() + GRANTS[Trigger.MESSAGE].lasts
    fans.apply(Changes(ends={(account_id, FAN, Trigger.MESSAGE): until}))
    effect_id = plan(account_id, CustomMessage(openid=FAN, message=TextReply("您好"))).id
    db.session.commit()
    Sender(Caller(services.client_of, no_copy), observers=(observe_sent,)).drain(tenant, account_id)
    row = db.session.get(OutboxRow, (tenant.id, effect_id), populate_existing=True)
    assert row is not None
    return row.state, row.errcode


def checks(tenant: TenantRecord) -> int:
    """How many comparisons were planned so far; runs them."""
    db.session.rollback()
    names = JobRow.name.in_(("accounts.check_authorisations", services.CHECK_JOB))
    while planned := db.session.scalars(select(JobRow.id).where(names, JobRow.state == "planned")).all():
        for job_id in planned:
            run_job(str(tenant.id), str(job_id))
        db.session.rollback()
    db.session.expire_all()
    return len(db.session.scalars(select(JobRow.id).where(JobRow.name == services.CHECK_JOB)).all())


def test_a_withdrawal_nobody_told_is_noticed_by_the_next_message(
    tenant: TenantRecord, account_id: UUID, owner: Owner
) -> None:
    owner.withdraw()
    with enter(system_scope(tenant)):
        assert sent(tenant, account_id) == ("refused", 61003)
        assert checks(tenant) == 1
        assert services.access_connection(account_id).is_withdrawn
        with pytest.raises(AuthorisationWithdrawn):
            services.client_of(account_id)
        assert sent(tenant, account_id) == ("refused", None)
        assert checks(tenant) == 1


def test_a_withdrawal_nobody_told_is_noticed_by_night(
    app: Flask, tenant: TenantRecord, account_id: UUID, owner: Owner
) -> None:
    with enter(system_scope(tenant)):
        plan_job("accounts.check_authorisations")
        db.session.commit()
        assert checks(tenant) == 1
        assert services.access_connection(account_id).condition(clock.now()) is Condition.UNTESTED
        owner.withdraw()
        plan_job("accounts.check_authorisations")
        db.session.commit()
        assert checks(tenant) == 2
        assert services.access_connection(account_id).is_withdrawn
        returned(app, owner.confirm(way_to(account_id)))
        settled(tenant)
        services.client_of(account_id).fetch_token()


def test_a_change_nobody_told_is_noticed(app: Flask, tenant: TenantRecord, account_id: UUID, owner: Owner) -> None:
    with enter(system_scope(tenant)):
        owner.confirm(way_to(account_id), set=["1", "2"])
        plan_job("accounts.check_authorisations")
        db.session.commit()
        checks(tenant)
        connection = services.access_connection(account_id)
        assert set(connection.permission_sets) == {1, 2}
        assert services.health_of(connection).steps[1].reason == "61023", "the new authorisation ended our tokens"
        assert connection.condition(clock.now()) is Condition.TROUBLE
        returned(app, owner.confirm(way_to(account_id)))
        settled(tenant)
        assert services.access_connection(account_id).condition(clock.now()) is Condition.UNTESTED
