"""The library's API."""

from __future__ import annotations

from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.db import db, new_id
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.library import services
from tests.factories.people import make_member, make_tenant
from tests.tenants.library.test_domain import PNG


def test_files_are_listed_by_pages(client: FlaskClient, tenant: TenantRecord) -> None:
    with enter(system_scope(tenant)):
        made = [services.create_media(kind="image", name=f"图{n}", content=PNG).id for n in range(3)]
        db.session.commit()
    member = make_member(Role.BRAND_HQ, tenant=tenant)
    url = f"/api/v1/tenants/{tenant.id}/media"
    first = client.get(f"{url}?limit=2", headers=member.bearer).json
    second = client.get(f"{url}?limit=2&cursor={first['next_cursor']}", headers=member.bearer).json
    assert [item["id"] for item in first["items"] + second["items"]] == [str(one) for one in reversed(made)]
    assert second["next_cursor"] is None
    assert client.get(f"{url}/{made[0]}", headers=member.bearer).json["name"] == "图0"
    assert client.get(f"{url}/{new_id()}", headers=member.bearer).status_code == 404
    assert client.get(f"{url}?cursor=nonsense", headers=member.bearer).status_code == 422
    stranger = make_member(Role.BRAND_HQ, tenant=make_tenant())
    assert client.get(f"{url}/{made[0]}", headers=stranger.bearer).status_code == 404
