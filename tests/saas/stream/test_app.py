"""Live events over a real server: a brand's topics reach its members, and only while they are."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest
import requests
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from saas.auth.roles import Role
from saas.auth.services import revoke_all_sessions
from saas.config import Config
from saas.db import db
from saas.tenancy.scope import TenantRecord, enter_directory
from tests.factories.people import Member, make_member, make_tenant
from tests.factories.processes import streaming


@pytest.fixture(scope="module")
def address(config: Config) -> Iterator[str]:
    with streaming(config) as url:
        yield url


@pytest.fixture
def member(tenant: TenantRecord) -> Member:
    return make_member(Role.STORE_MANAGER, tenant=tenant)


def listen(app: Flask, address: str, member: Member | None, tenant: TenantRecord, **headers: str) -> requests.Response:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookies = {} if member is None else {"session": serializer.dumps({"_user_id": member.session_token})}
    url = f"{address}/live?tenant={tenant.id}"
    return requests.get(url, cookies=cookies, headers=headers, stream=True, timeout=30)


def notify(config: Config, tenant: TenantRecord, *topics: str) -> None:
    with psycopg.connect(config.database_url, autocommit=True) as connection:
        payload = json.dumps({"tenant": str(tenant.id), "topics": topics})
        connection.execute("SELECT pg_notify('live', %s)", [payload])


def test_topics_reach_the_members_of_their_brand(
    app: Flask, config: Config, address: str, member: Member, tenant: TenantRecord
) -> None:
    with listen(app, address, member, tenant) as answer:
        lines = answer.iter_lines(decode_unicode=True)
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert next(lines).startswith("retry")
        notify(config, make_tenant(), "foreign")
        notify(config, tenant, "kpi", "inbox")
        assert hear(lines, until="inbox")[-2:] == ["kpi", "inbox"]


def hear(lines: Iterator[str], *, until: str) -> list[str]:
    """The topics as they come, the one that is waited for last."""
    heard: list[str] = []
    while until not in heard:
        line = next(lines)
        if line.startswith("data"):
            heard.append(json.loads(line.removeprefix("data: "))["topic"])
    assert "foreign" not in heard
    return heard


def test_strangers_hear_nothing(app: Flask, address: str, member: Member, tenant: TenantRecord) -> None:
    for who, brand in ((None, tenant), (member, make_tenant())):
        with listen(app, address, who, brand) as answer:
            assert answer.status_code == 404
    assert requests.get(f"{address}/live?tenant=nonsense", timeout=5).status_code == 404


def test_a_revoked_session_stops_hearing(app: Flask, address: str, member: Member, tenant: TenantRecord) -> None:
    with listen(app, address, member, tenant) as answer:
        lines = answer.iter_lines(decode_unicode=True)
        next(lines)
        with enter_directory():
            revoke_all_sessions(member.user_id)
            db.session.commit()
        told = {line for line in lines if line.startswith("data")}  # and it ends
    assert told <= {'data: {"topic": "again"}'}


@pytest.mark.parametrize(("origin", "shared"), [("http://127.0.0.1:8000", True), ("https://evil.test", False)])
def test_only_our_own_pages_may_read_across_ports(
    app: Flask, address: str, member: Member, tenant: TenantRecord, origin: str, shared: bool
) -> None:
    with listen(app, address, member, tenant, Origin=origin) as answer:
        assert ("Access-Control-Allow-Origin" in answer.headers) is shared
