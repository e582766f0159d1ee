"""Who may listen: a session with a membership, while both last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from saas import clock
from saas.auth.roles import Role
from saas.auth.services import revoke_all_sessions
from saas.config import Config
from saas.db import db
from saas.stream.access import Access
from saas.tenancy.models import Membership
from saas.tenancy.scope import TenantRecord, enter_directory
from tests.factories.people import Member, make_member, make_tenant


@pytest.fixture(scope="module")
def access(config: Config) -> Iterator[Access]:
    made = Access(config)
    yield made
    made.close()


@pytest.fixture
def member(tenant: TenantRecord) -> Member:
    return make_member(Role.STORE_MANAGER, tenant=tenant)


@pytest.fixture
def cookie(app: Flask, member: Member) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps({"_user_id": member.session_token}))


def test_a_member_listens_to_the_own_brand_alone(access: Access, cookie: str, tenant: TenantRecord) -> None:
    assert access.allows(cookie, tenant.id)
    assert not access.allows(cookie, make_tenant().id)
    assert not access.allows(cookie + "x", tenant.id)
    assert not access.allows("", tenant.id)


def leave(member: Member) -> None:
    db.session.delete(db.session.get_one(Membership, member.membership_id))


def log_out(member: Member) -> None:
    revoke_all_sessions(member.user_id)


@pytest.mark.parametrize("end", [leave, log_out])
def test_whoever_leaves_hears_no_more(
    access: Access, cookie: str, tenant: TenantRecord, member: Member, end: Callable[[Member], Any]
) -> None:
    assert access.allows(cookie, tenant.id)
    with enter_directory():
        end(member)
        db.session.commit()
    assert not access.allows(cookie, tenant.id)


def test_an_open_page_keeps_nobody_logged_in(access: Access, cookie: str, tenant: TenantRecord) -> None:
    opened = clock.now()
    heard = []
    for minutes in (10, 20, 29, 31):
        with time_machine.travel(opened + timedelta(minutes=minutes)):
            heard.append(access.allows(cookie, tenant.id))
    assert heard == [True, True, True, False]
