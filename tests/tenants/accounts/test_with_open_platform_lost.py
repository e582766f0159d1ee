"""Connecting by a scan, when what WeChat says is lost on its way."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.accounts import services
from tenants.accounts.services import Outcome
from tests.factories.accounts import make_account
from tests.factories.owners import Owner, returned, way_to
from tests.factories.scans import settled, worked_off


@pytest.fixture
def app(simulated: Flask) -> Flask:
    """The application, whose WeChat is the simulator."""
    return simulated


def test_a_scan_whose_answer_was_lost_is_to_be_done_again(
    app: Flask, tenant: TenantRecord, register: Any, owner: Owner, tencent: str
) -> None:
    register(event_delay=-1)
    with enter(system_scope(tenant)):
        account = make_account(name="云岫")
        returned(app, owner.confirm(way_to(account.id)))
        assert settled(tenant) == [("returned", "connected")]
        fault = {"kind": "reset", "path": "component/api_query_auth"}
        assert requests.post(f"{tencent}/_sim/faults", json=fault, timeout=9).ok
        state = returned(app, owner.confirm(way_to(account.id)))
        assert not worked_off(tenant), "the answer was lost, and the code is used"
        db.session.execute(text("UPDATE jobs SET due_at = now()"))
        db.session.commit()
        settled(tenant)
        assert services.scan_result(state).outcome is Outcome.REFUSED
        returned(app, owner.confirm(way_to(account.id)))
        settled(tenant)
        services.client_of(account.id).fetch_token()
