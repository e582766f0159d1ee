"""The number that says which rules an answer was decided with."""

from __future__ import annotations

from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat import versions
from tests.factories.people import make_member, make_tenant


def test_an_edit_outdates_and_nothing_else_does(tenant: TenantRecord) -> None:
    account_id, other = new_id(), new_id()
    with enter(system_scope(tenant)):
        assert versions.current(account_id) == 0
        versions.bump([account_id, account_id])
        versions.bump([account_id])
        db.session.commit()
        assert (versions.current(account_id), versions.current(other)) == (2, 0)


def test_another_time_zone_outdates_the_answers_of_its_brand(client: FlaskClient, tenant: TenantRecord) -> None:
    account_id, stranger = new_id(), make_tenant()
    for brand in (tenant, stranger):
        with enter(system_scope(brand)):
            versions.bump([account_id])
            db.session.commit()
    headers = make_member(Role.BRAND_HQ, tenant=tenant).bearer
    for zone in ("Asia/Urumqi", "Asia/Urumqi"):
        answer = client.patch(f"/api/v1/tenants/{tenant.id}", json={"time_zone": zone}, headers=headers)
        assert answer.status_code == 200
    with enter(system_scope(tenant)):
        assert versions.current(account_id) == 2
    with enter(system_scope(stranger)):
        assert versions.current(account_id) == 1
