"""The JSON door of the account matrix."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord
from tests.factories.people import Member, make_member


@pytest.fixture
def hq(tenant: TenantRecord) -> Member:
    return make_member(Role.BRAND_HQ, tenant=tenant)


def test_a_script_builds_a_tree(client: FlaskClient, tenant: TenantRecord, hq: Member) -> None:
    base = f"/api/v1/tenants/{tenant.id}"
    central = client.post(f"{base}/accounts", json={"name": "总部", "kind": "central"}, headers=hq.bearer)
    assert central.status_code == 201, central.text
    region = client.post(
        f"{base}/accounts", json={"name": "华东", "kind": "region", "parent_id": central.json["id"]}, headers=hq.bearer
    )
    assert region.status_code == 201, region.text
    assert region.headers["ETag"] == '"1"'
