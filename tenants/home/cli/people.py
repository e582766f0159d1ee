"""The demo's people: agencies, log-ins, roles and tokens. A second try finds what the first has made."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from saas.auth.identity import Identity, MembershipRecord
from saas.auth.passwords import hash_password
from saas.auth.roles import Role
from saas.auth.services import create_token, create_user, find_user
from saas.db import db, new_id
from saas.tenancy.models import Agency, Membership, User
from tenants.accounts.demo import AGENCY_PEOPLE, OPERATOR, DemoPerson


class People:
    """Makes people in the directory and remembers their log-ins and tokens for the demo's file.

    All share one password, hashed once: Argon2 takes its time on purpose.
    """

    def __init__(self, *, password: str) -> None:
        self._password, self._hash = password, hash_password(password)
        self.logins: list[dict[str, str | None]] = []
        self.tokens: list[dict[str, str | None]] = []

    def ensure_agency(self, name: str) -> Identity:
        """The agency's administrator, by whom it is known again: others may bear its name."""
        user = self._ensure_user(AGENCY_PEOPLE[name])
        held = select(Membership).where(Membership.user_id == user.id, Membership.role == Role.AGENCY_ADMIN)
        membership = db.session.scalar(held)
        if membership is None:
            agency = Agency(id=new_id(), name=name)
            db.session.add(agency)
            db.session.flush()  # the membership refers to it
            membership = _ensure_membership(user, Role.AGENCY_ADMIN, agency_id=agency.id)
        record = MembershipRecord(membership.id, Role.AGENCY_ADMIN, None, membership.agency_id)
        return Identity(user_id=user.id, name=user.name, language="zh", memberships=(record,))

    def note_administrator(self, agency: str, identity: Identity, tenant_id: UUID) -> None:
        """Names a brand for the administrator's log-in, once per agency."""
        self._note(AGENCY_PEOPLE[agency], identity.memberships[0].id, tenant_id)

    def ensure_members(self, people: Iterable[DemoPerson], tenant_id: UUID) -> None:
        """The people of a brand, with their roles in it."""
        for person in people:
            membership = _ensure_membership(self._ensure_user(person), person.role, tenant_id=tenant_id)
            self._note(person, membership.id, tenant_id)

    def ensure_operator(self) -> None:
        """Who runs the deployment."""
        membership = _ensure_membership(self._ensure_user(OPERATOR), OPERATOR.role)
        self._note(OPERATOR, membership.id, None)
        db.session.commit()

    def _ensure_user(self, person: DemoPerson) -> User:
        user = find_user(person.login)
        if user is None:
            user = create_user(person.login, name=person.name, password=self._password)
        user.password_hash = self._hash
        db.session.flush()  # the membership refers to the person
        return user

    def _note(self, person: DemoPerson, membership_id: UUID, tenant_id: UUID | None) -> None:
        place = {"role": person.role.value, "tenant_id": str(tenant_id) if tenant_id else None}
        if any(login["login"] == person.login for login in self.logins):
            return
        token = create_token(membership_id, name="demo", scopes=(), held=frozenset()).token
        self.logins.append({"login": person.login, "password": self._password, **place, "name": person.name})
        self.tokens.append({"token": token, **place})


def _ensure_membership(
    user: User, role: Role, *, tenant_id: UUID | None = None, agency_id: UUID | None = None
) -> Membership:
    query = select(Membership).where(Membership.user_id == user.id, Membership.role == role)
    query = query.where(Membership.tenant_id.is_not_distinct_from(tenant_id))
    membership = db.session.scalar(query.where(Membership.agency_id.is_not_distinct_from(agency_id)))
    if membership is None:
        membership = Membership(id=new_id(), user_id=user.id, role=role, tenant_id=tenant_id, agency_id=agency_id)
        db.session.add(membership)
        db.session.flush()  # the token refers to it
    return membership
