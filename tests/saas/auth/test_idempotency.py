"""A key sent twice: once created, twice the same answer, also at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from saas import clock
from saas.auth.idempotency import KEPT
from saas.auth.roles import Role
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tests.factories.accounts import make_account
from tests.factories.people import browser_of, make_agency, make_member

TENANTS = "/api/v1/tenants"
AT_ONCE = 4


def test_the_answer_comes_again_whole(client: FlaskClient) -> None:
    headers = make_member(Role.AGENCY_ADMIN, agency_id=make_agency()).bearer | {"Idempotency-Key": "a"}
    first, again = [client.post(TENANTS, json={"name": "新品牌"}, headers=headers) for _ in range(2)]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.status_code, again.json, again.headers["ETag"]) == (201, first.json, first.headers["ETag"])


def test_at_the_same_moment_one_creates_and_all_hear_of_it(app: Flask, client: FlaskClient) -> None:
    member = make_member(Role.AGENCY_ADMIN, agency_id=make_agency())
    gate = Barrier(AT_ONCE)

    def send(_number: int) -> TestResponse:
        gate.wait()
        headers = member.bearer | {"Idempotency-Key": "a"}
        return app.test_client().post(TENANTS, json={"name": "新品牌"}, headers=headers)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(send, range(AT_ONCE)))
    assert {(answer.status_code, answer.json["id"]) for answer in answers} == {(201, answers[0].json["id"])}
    assert len(client.get(TENANTS, headers=member.bearer).json["items"]) == 1


def test_a_key_is_ones_own(client: FlaskClient) -> None:
    agency = make_agency()
    members = [make_member(Role.AGENCY_ADMIN, agency_id=agency) for _ in range(2)]
    made = [
        client.post(TENANTS, json={"name": "新品牌"}, headers=member.bearer | {"Idempotency-Key": "a"}).json["id"]
        for member in members
    ]
    assert made[0] != made[1]


def test_after_days_the_key_is_free(client: FlaskClient) -> None:
    headers = make_member(Role.AGENCY_ADMIN, agency_id=make_agency()).bearer | {"Idempotency-Key": "a"}
    first = client.post(TENANTS, json={"name": "新品牌"}, headers=headers)
    with time_machine.travel(clock.now() + KEPT + timedelta(minutes=1)):
        other = client.post(TENANTS, json={"name": "别的"}, headers=headers | {"Idempotency-Key": "b"})
        again = client.post(TENANTS, json={"name": "新品牌"}, headers=headers)
    assert len({answer.json["id"] for answer in (first, other, again)}) == 3


def test_a_form_with_a_field_once_is_acted_on_once(app: Flask, tenant: TenantRecord) -> None:
    browser = browser_of(app, make_member(Role.BRAND_HQ, tenant=tenant))
    with enter(system_scope(tenant)):
        central = make_account().id
    url = f"/t/{tenant.id}/a/{central}/accounts/new"
    sent = {"name": "外滩店", "kind": "store", "parent_id": str(central), "once": "a"}
    first, again, other = [
        browser.post(url, data={**sent, **more}) for more in ({}, {"csrf_token": "x"}, {"once": "b"})
    ]
    assert (first.status_code, again.status_code) == (302, 302)
    assert (again.location, again.headers["Idempotent-Replayed"]) == (first.location, "true")
    assert other.location != first.location
    assert browser.post(url, data={**sent, "name": "别的店"}).status_code == 409
    assert browser.post(url, data={**sent, "once": "c" * 256}).status_code == 422
