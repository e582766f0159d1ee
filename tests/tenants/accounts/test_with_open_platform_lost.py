"""Connecting by a scan, when what WeChat says is lost on its way, or two workers hear of the scan at once."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import select, text

from saas.db import db
from saas.jobs.models import JobRow
from saas.jobs.runner import run_job
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.component.api import Authorizer
from tenants.accounts import services
from tenants.accounts.models import AuthorisationEvent
from tenants.accounts.services import Outcome, scans
from tests.factories.accounts import make_account, make_connected
from tests.factories.owners import Owner, returned, way_to
from tests.factories.people import make_tenant
from tests.factories.processes import wait_for
from tests.factories.scans import kinds, settled, worked_off


@pytest.fixture
def app(simulated: Flask) -> Flask:
    """The application, whose WeChat is the simulator."""
    return simulated


def ordered(tencent: str, path: str, **fault: object) -> None:
    """Orders an accident for the next call of a path."""
    assert requests.post(f"{tencent}/_sim/faults", json={"path": f"component/{path}", **fault}, timeout=9).ok


def again() -> None:
    """The time of the next try has come."""
    db.session.execute(text("UPDATE jobs SET due_at = now() WHERE state = 'planned'"))
    db.session.commit()


def run_telling(tenant: TenantRecord, kind: str) -> None:
    """A worker takes what was heard in one of the two ways."""
    db.session.rollback()
    event_id = db.session.scalars(select(AuthorisationEvent.id).where(AuthorisationEvent.kind == kind)).one()
    query = select(JobRow.id).where(JobRow.arguments["event_id"].astext == str(event_id), JobRow.state == "planned")
    run_job(str(tenant.id), str(db.session.scalars(query).one()))
    db.session.expire_all()


def test_a_scan_whose_answer_was_lost_is_to_be_done_again(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner, tencent: str
) -> None:
    register(event_delay=-1)
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        returned(app, owner.confirm(way_to(account.id)))
        assert settled(tenant) == [("returned", "connected")]
        ordered(tencent, "api_query_auth", kind="reset")
        state = returned(app, owner.confirm(way_to(account.id)))
        assert not worked_off(tenant), "the answer was lost, and the code is used"
        again()
        settled(tenant)
        assert services.scan_result(state).outcome is Outcome.REFUSED
        returned(app, owner.confirm(way_to(account.id)))
        settled(tenant)
        services.client_of(account.id).fetch_token()


@pytest.mark.parametrize("kind", ["errcode", "reset"])
def test_a_first_scan_goes_on_where_the_call_behind_the_code_failed(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner, tencent: str, kind: str
) -> None:
    register(event_delay=-1)
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        ordered(tencent, "api_get_authorizer_info", kind=kind)
        returned(app, owner.confirm(way_to(account.id)))
        assert not worked_off(tenant), "who it is could not be asked"
        again()
        assert settled(tenant) == [("returned", "connected")]
        services.client_of(account.id).fetch_token()


@pytest.mark.parametrize("first", ["authorized", "returned"])
def test_equal_codes_connect_whichever_comes_first(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner, first: str
) -> None:
    register(equal_codes=True)
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        returned(app, owner.confirm(way_to(account.id)))
        wait_for(lambda: len(kinds()) == 2, "Tencent tells of the scan too")
        run_telling(tenant, first)
        assert settled(tenant) == [("authorized", "connected"), ("returned", "connected")]
        services.client_of(account.id).fetch_token()


def test_equal_codes_with_two_workers_at_once(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser's code is looked at while the event's work, which has used it, is not committed yet."""
    register(equal_codes=True)
    asked = scans.read_authorizer

    def slowly(app_id: str) -> Authorizer:
        monkeypatch.setattr(scans, "read_authorizer", asked)
        run_telling(tenant, "returned")
        return asked(app_id)

    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        state = returned(app, owner.confirm(way_to(account.id)))
        wait_for(lambda: len(kinds()) == 2, "Tencent tells of the scan too")
        monkeypatch.setattr(scans, "read_authorizer", slowly)
        run_telling(tenant, "authorized")
        assert services.scan_result(state).outcome is Outcome.OPEN
        again()
        assert settled(tenant) == [("authorized", "connected"), ("returned", "connected")]


def test_equal_codes_of_an_account_that_stands_elsewhere(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner
) -> None:
    register(equal_codes=True)
    with enter(system_scope(make_tenant())):
        make_connected(make_account(name="别人").id, app_id=owner.app_id)
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        returned(app, owner.confirm(way_to(account.id)))
        wait_for(lambda: len(kinds()) == 2, "Tencent tells of the scan too")
        run_telling(tenant, "authorized")
        assert settled(tenant) == [("authorized", "taken"), ("returned", "taken")]
