"""The list of brands."""

from __future__ import annotations

from flask.testing import FlaskClient

from saas.auth.roles import Role
from tests.factories.people import make_agency, make_member, make_tenant

TENANTS = "/api/v1/tenants"


def test_the_brands_come_a_page_at_a_time(client: FlaskClient) -> None:
    agency = make_agency()
    made = [str(make_tenant(agency_id=agency, name=f"品牌{number}").id) for number in range(3)]
    headers = make_member(Role.AGENCY_ADMIN, agency_id=agency).bearer
    first = client.get(TENANTS, query_string={"limit": 2}, headers=headers).json
    rest = client.get(TENANTS, query_string={"limit": 2, "cursor": first["next_cursor"]}, headers=headers).json
    assert [one["id"] for one in first["items"] + rest["items"]] == made
    assert rest["next_cursor"] is None
    assert client.get(TENANTS, query_string={"limit": 201}, headers=headers).status_code == 422


def test_staff_of_one_brand_see_that_one(client: FlaskClient) -> None:
    agency = make_agency()
    own, _other, _foreign = make_tenant(agency_id=agency), make_tenant(agency_id=agency), make_tenant()
    listed = client.get(TENANTS, headers=make_member(Role.AGENCY_STAFF, tenant=own).bearer).json
    assert [one["id"] for one in listed["items"]] == [str(own.id)]


def test_the_delay_of_erasure_wants_a_reason_and_is_shown(client: FlaskClient) -> None:
    brand = make_tenant()
    address, headers = f"{TENANTS}/{brand.id}", make_member(Role.BRAND_HQ, tenant=brand).bearer
    assert client.patch(address, json={"erase_after_days": 7}, headers=headers).status_code == 422
    wanted = {"erase_after_days": 7, "erase_reason": "退款纠纷期"}
    assert client.patch(address, json=wanted, headers=headers).status_code == 200
    shown = client.get(address, headers=headers).json
    assert {name: shown[name] for name in wanted} == wanted
