"""What programs may send amiss: every refusal is a problem, none a fault."""

from __future__ import annotations

import base64

import pytest
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord
from tests.factories.people import make_member

JSON = "application/json"
BODIES = {
    "broken": (b"{", JSON, 400),
    "bytes": (b"\xff", JSON, 400),
    "thousands of brackets": (b"[" * 50_000, JSON, 400),
    "thousands of digits": (b'{"erase_after_days": ' + b"9" * 5000 + b"}", JSON, 400),
    "infinite": (b'{"erase_after_days": 1e400}', JSON, 422),
    "half a sign": (b'{"name": "\\ud800"}', JSON, 422),
    "half a sign as a name": (b'{"a\\ud800": 1}', JSON, 422),
    "NUL": (b'{"name": "\\u0000"}', JSON, 422),
    "a form": (b"name=x", "application/x-www-form-urlencoded", 415),
    "text": (b'{"name": "x"}', "text/plain", 415),
    "too large": (b" " * (21 * 1024 * 1024), JSON, 413),
}


@pytest.mark.parametrize(("body", "kind", "status"), BODIES.values(), ids=BODIES)
def test_a_bad_body_is_a_problem(
    client: FlaskClient, tenant: TenantRecord, body: bytes, kind: str, status: int
) -> None:
    headers = make_member(Role.BRAND_HQ, tenant=tenant).bearer
    answer = client.patch(f"/api/v1/tenants/{tenant.id}", data=body, content_type=kind, headers=headers)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["status"] == status


@pytest.mark.parametrize(("tag", "status"), [("x", 422), ('"' + "9" * 5000 + '"', 422), ('"7"', 412), ('W/"1"', 200)])
def test_if_match(client: FlaskClient, tenant: TenantRecord, tag: str, status: int) -> None:
    headers = make_member(Role.BRAND_HQ, tenant=tenant).bearer | {"If-Match": tag}
    answer = client.patch(f"/api/v1/tenants/{tenant.id}", json={"name": "新"}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    "plain", [b"[" * 20_000, rb'["\ud800", "a"]', rb'["\u0000", "a"]', b"[NaN, 1]", b"{}", b"\xff"]
)
def test_a_cursor_of_ones_own_making_is_a_problem(client: FlaskClient, tenant: TenantRecord, plain: bytes) -> None:
    headers = make_member(Role.BRAND_HQ, tenant=tenant).bearer
    cursor = base64.urlsafe_b64encode(plain).decode()
    answer = client.get(f"/api/v1/tenants/{tenant.id}/accounts", query_string={"cursor": cursor}, headers=headers)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("DELETE", "/tenants", 405)])
def test_an_address_amiss_is_a_problem(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(f"/api/v1{path}", method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
