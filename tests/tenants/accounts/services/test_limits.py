"""What an account may still send, and clearing the counters at a person's wish."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import select, text

from saas.db import db
from saas.errors import Conflict
from saas.jobs.models import JobRow
from saas.jobs.runner import run_job
from saas.tenancy.scope import TenantRecord, current_scope, enter, system_scope
from saas.wechat.errors import WeChatError
from saas.wechat.quota import AccountQuota, of_account
from saas.wechat.quota.calls import CallLedger
from saas.wechat.quota.limits import CLEAR, CLEARS_A_MONTH, CUSTOM
from tenants.accounts import services
from tenants.accounts.errors import NoClearsLeft, NotConnected
from tenants.accounts.services import limits
from tests.factories.accounts import Tree, make_connected
from tests.factories.people import make_tenant


def called(account_id: UUID, path: str, *, times: int = 1) -> None:
    ledger = CallLedger(db.engine, current_scope().tenant.id, account_id)
    for _ in range(times):
        ledger.count(path)


def of_another_worker(account_id: UUID) -> AccountQuota:
    """The quota as it is committed."""
    with enter(system_scope(current_scope().tenant)):
        return of_account(account_id)


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


@pytest.mark.parametrize(
    ("refusal", "is_refused"),
    [
        (WeChatError(48006), True),
        (WeChatError(None), True),
        (WeChatError(None, in_flight=True), False),
    ],
)
def test_who_gets_no_answer_does_not_say_that_the_counters_stand(
    tree: Tree, tenant: TenantRecord, monkeypatch: pytest.MonkeyPatch, refusal: WeChatError, is_refused: bool
) -> None:
    def clear_quota() -> None:
        assert not of_another_worker(tree.bund).of(CUSTOM).is_over, "if this process dies here, nobody knows"
        raise refusal

    connection = make_connected(tree.bund)
    called(tree.bund, CUSTOM, times=2)
    CallLedger(db.engine, tenant.id, tree.bund).end(CUSTOM)
    monkeypatch.setattr(limits, "client_of", lambda _id: SimpleNamespace(clear_quota=clear_quota))
    services.clear_counters(tree.bund)
    db.session.commit()
    run_job(str(tenant.id), str(db.session.scalars(select(JobRow.id).where(JobRow.name == services.CLEAR_JOB)).one()))
    db.session.expire_all()
    found = services.limits_of(connection)
    assert found.clearing is not None
    assert (found.clearing.state, found.clearing.is_refused) == ("failed", is_refused)
    assert found.quota.of(CUSTOM).is_over is is_refused, "what WeChat takes is its own to say again"
    assert found.quota.of(CUSTOM).used == 2


def test_that_the_month_is_used_up_stays_known(
    tree: Tree, tenant: TenantRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clear_quota() -> None:
        raise WeChatError(None, in_flight=True)

    connection = make_connected(tree.bund)
    called(tree.bund, CLEAR)
    CallLedger(db.engine, tenant.id, tree.bund).end(CLEAR)
    monkeypatch.setattr(limits, "client_of", lambda _id: SimpleNamespace(clear_quota=clear_quota))
    with pytest.raises(WeChatError):
        services.clear_at_wechat(tree.bund)
    assert services.limits_of(connection).quota.clears_left == 0


def test_a_worker_that_died_leaves_it_unknown(tree: Tree) -> None:
    connection = make_connected(tree.bund)
    services.clear_counters(tree.bund)
    db.session.execute(text("UPDATE jobs SET state = 'failed', error = 'cut'"))
    clearing = services.limits_of(connection).clearing
    assert clearing is not None
    assert not clearing.is_refused


def test_without_a_connection_nothing_was_cleared(tree: Tree) -> None:
    with pytest.raises(services.ClearingRefused):
        services.clear_at_wechat(tree.lake)


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
