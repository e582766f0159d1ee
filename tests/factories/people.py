"""Agencies, tenants, and people with a role: made, committed, and ready to log in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from saas.auth.roles import Role
from saas.auth.services import create_token, open_session
from saas.db import db, new_id
from saas.security.secrets import new_wrapped_key
from saas.tenancy.directory import find_tenant
from saas.tenancy.models import Agency, Membership, Tenant, User
from saas.tenancy.scope import TenantRecord, enter_directory

_numbers = count(1)
PASSWORD = "correct horse battery"
# Argon2 takes its time on purpose; tests that log in by form make their own person.
_HASH = "$argon2id$v=19$m=65536,t=3,p=4$0000000000000000000000$0000000000000000000000000000000000000000000"


@dataclass(frozen=True)
class Member:
    """A person with one role, an open session and an API token."""

    user_id: UUID
    membership_id: UUID
    role: Role
    session_token: str
    api_token: str

    @property
    def bearer(self) -> dict[str, str]:
        """The header that a program sends."""
        return {"Authorization": f"Bearer {self.api_token}"}


def make_agency(name: str = "拾光传播") -> UUID:
    """An agency's id."""
    with enter_directory():
        agency = Agency(id=new_id(), name=name)
        db.session.add(agency)
        db.session.commit()
        return agency.id


def make_tenant(*, agency_id: UUID | None = None, name: str = "云岫咖啡") -> TenantRecord:
    """A fresh brand."""
    owner = agency_id or make_agency()
    tenant_id = new_id()
    with enter_directory():
        db.session.add(Tenant(id=tenant_id, agency_id=owner, name=name, wrapped_key=new_wrapped_key(tenant_id)))
        db.session.commit()
        return find_tenant(tenant_id)


def make_member(
    role: Role, *, tenant: TenantRecord | None = None, agency_id: UUID | None = None, scopes: Iterable[str] = ()
) -> Member:
    """A person holding `role` in a tenant, an agency or (platform_admin) the deployment."""
    number = next(_numbers)
    with enter_directory():
        user = User(
            id=new_id(), email=f"person{number}-{new_id().hex}@example.test", name=f"员工{number}", password_hash=_HASH
        )
        db.session.add(user)
        db.session.flush()
        membership = Membership(
            id=new_id(), user_id=user.id, role=role, tenant_id=tenant.id if tenant else None, agency_id=agency_id
        )
        db.session.add(membership)
        db.session.flush()
        session = open_session(user.id, address="127.0.0.1", device="tests")
        token = create_token(membership.id, name="tests", scopes=list(scopes), held=frozenset(scopes))
        db.session.commit()
        return Member(user.id, membership.id, role, session.token, token.token)


def browser_of(app: Flask, member: Member | None) -> FlaskClient:
    """A test client with the member's session and CSRF switched off by the app's test configuration."""
    client = app.test_client()
    if member is not None:
        with client.session_transaction() as session:
            session["_user_id"] = member.session_token
            session["_fresh"] = True
    return client
