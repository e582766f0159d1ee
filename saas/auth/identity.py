"""From a cookie or a bearer token to a person and the roles they hold. Reads the directory only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from saas import clock
from saas.auth.roles import Role
from saas.db import db
from saas.tenancy.models import ApiToken, Membership, User, UserSession
from saas.tenancy.scope import TenantRecord

SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class MembershipRecord:
    """One role of a person: over a brand, an agency or the deployment."""

    id: UUID
    role: Role
    tenant_id: UUID | None
    agency_id: UUID | None

    def opens(self, tenant: TenantRecord) -> bool:
        """Whether it is held in the brand, or over all brands of its agency."""
        is_over_all = self.role is Role.AGENCY_ADMIN and self.agency_id == tenant.agency_id
        return self.tenant_id == tenant.id or is_over_all


@dataclass(frozen=True)
class Identity:
    """A person (or a program acting with one membership) known at the door."""

    user_id: UUID
    name: str
    language: str
    memberships: tuple[MembershipRecord, ...]
    session_id: UUID | None = None
    token_id: UUID | None = None
    scopes: frozenset[str] = frozenset()

    def membership_in(self, tenant: TenantRecord) -> MembershipRecord | None:
        """The membership that opens a brand: of several the one of the highest role."""
        opening = [one for one in self.memberships if one.opens(tenant)]
        return min(opening, key=lambda one: list(Role).index(one.role), default=None)

    @property
    def roles(self) -> frozenset[Role]:
        """All roles that the person holds anywhere."""
        return frozenset(membership.role for membership in self.memberships)

    @property
    def agency_ids(self) -> frozenset[UUID]:
        """Agencies whose brands the person may administer."""
        return frozenset(m.agency_id for m in self.memberships if m.role is Role.AGENCY_ADMIN and m.agency_id)


def hash_token(token: str) -> bytes:
    """Tokens are long and random, so one round of SHA-256 is enough to keep them out of the database."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def identify_session(token: str) -> Identity | None:
    """The person behind a session cookie, or None when it ended, was revoked or idled out. Counts as being there."""
    rows, now = _rows_of_session(token), clock.now()
    if rows and rows[0][0].last_seen_at < now - SEEN_EVERY:
        db.session.execute(update(UserSession).where(UserSession.id == rows[0][0].id).values(last_seen_at=now))
        db.session.commit()
    return _identity(rows, session_id=rows[0][0].id) if rows else None


def recognise_session(token: str) -> Identity | None:
    """The same for what an open page asks by itself: leaving it open keeps nobody logged in."""
    rows = _rows_of_session(token)
    return _identity(rows, session_id=rows[0][0].id) if rows else None


def identify_token(token: str) -> Identity | None:
    """The membership behind a bearer token, or None when it is unknown or revoked."""
    query = (
        select(ApiToken, User, Membership)
        .join(Membership, Membership.id == ApiToken.membership_id)
        .join(User, User.id == Membership.user_id)
        .where(ApiToken.token_hash == hash_token(token), ApiToken.revoked_at.is_(None))
        .where(Membership.disabled_at.is_(None), User.disabled_at.is_(None))
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    row: ApiToken = rows[0][0]
    if row.last_used_at is None or row.last_used_at < clock.now() - SEEN_EVERY:
        db.session.execute(update(ApiToken).where(ApiToken.id == row.id).values(last_used_at=clock.now()))
        db.session.commit()
    return _identity(rows, token_id=row.id, scopes=frozenset(row.scopes))


def _rows_of_session(token: str) -> Sequence[Any]:
    now = clock.now()
    query = (
        select(UserSession, User, Membership)
        .join(User, User.id == UserSession.user_id)
        .outerjoin(Membership, (Membership.user_id == User.id) & Membership.disabled_at.is_(None))
        .where(UserSession.token_hash == hash_token(token), UserSession.revoked_at.is_(None))
        .where(UserSession.expires_at > now, UserSession.last_seen_at > now - SESSION_IDLE)
        .where(User.disabled_at.is_(None))
    )
    return db.session.execute(query).all()


def _identity(rows: Sequence[Any], **more: Any) -> Identity:
    user: User = rows[0][1]
    memberships = tuple(
        MembershipRecord(id=m.id, role=Role(m.role), tenant_id=m.tenant_id, agency_id=m.agency_id)
        for _, _, m in rows
        if m is not None
    )
    return Identity(user_id=user.id, name=user.name, language=user.language, memberships=memberships, **more)
