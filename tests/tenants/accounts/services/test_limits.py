"""What an account may still send, and clearing the counters at a person's wish."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, text

from saas.db import db
from saas.errors import Conflict
from saas.jobs.models import JobRow
from saas.tenancy.scope import TenantRecord, current_scope, enter, system_scope
from saas.wechat.quota.calls import CallLedger
from saas.wechat.quota.limits import CLEAR, CLEARS_A_MONTH, CUSTOM
from tenants.accounts import services
from tenants.accounts.errors import NoClearsLeft, NotConnected
from tests.factories.accounts import Tree, make_connected
from tests.factories.people import make_tenant


def called(account_id: UUID, path: str, *, times: int = 1) -> None:
    ledger = CallLedger(db.engine, current_scope().tenant.id, account_id)
    for _ in range(times):
        ledger.count(path)


def test_messages_have_a_line_always_and_other_calls_once_made(tree: Tree) -> None:
    connection = make_connected(tree.bund)
    called(tree.bund, CUSTOM, times=2)
    called(tree.bund, "/cgi-bin/user/get")
    found = {one.path: one.used for one in services.limits_of(connection).calls}
    assert found == {CUSTOM: 2, "/cgi-bin/message/template/send": 0, "/cgi-bin/user/get": 1}
    assert services.limits_of(connection).clearing is None


def test_clearing_is_planned_once_at_a_time_and_its_result_is_kept(tree: Tree) -> None:
    connection = make_connected(tree.bund)
    services.clear_counters(tree.bund)
    db.session.commit()
    row = db.session.scalars(select(JobRow).where(JobRow.name == services.CLEAR_JOB)).one()
    with pytest.raises(Conflict):
        services.clear_counters(tree.bund)
    row.state = "done"
    db.session.commit()
    clearing = services.limits_of(connection).clearing
    assert clearing is not None
    assert (clearing.state, clearing.is_running) == ("done", False)


def test_what_wechat_does_not_allow_is_not_planned(tree: Tree) -> None:
    make_connected(tree.bund)
    called(tree.bund, CLEAR, times=CLEARS_A_MONTH)
    with pytest.raises(NoClearsLeft):
        services.clear_counters(tree.bund)
    with pytest.raises(NotConnected):
        services.clear_counters(tree.lake)


def test_another_brand_has_limits_of_its_own(tree: Tree, tenant: TenantRecord) -> None:
    connection = make_connected(tree.bund)
    called(tree.bund, CUSTOM)
    db.session.commit()
    with enter(system_scope(make_tenant())):
        assert db.session.scalar(text("SELECT count(*) FROM call_counts")) == 0
    assert services.limits_of(connection).quota.of(CUSTOM).used == 1
