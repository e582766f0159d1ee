"""The scope: for which tenant, by whom, with which rights and over which accounts the present work is done.

Entered at four doors only (web, API, callback, job) and always reset; below a door nobody passes a tenant by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from uuid import UUID

from saas.db import NoScope, session_of

NO_TENANT = UUID(int=0)
"""Stands for "no brand" in the audit of acts that belong to none: logging in, creating a tenant."""


@dataclass(frozen=True)
class TenantRecord:
    """What of a tenant is known without opening its content."""

    id: UUID
    agency_id: UUID
    name: str
    time_zone: str = "Asia/Shanghai"
    accent: str = "blue"
    erase_after_days: int = 0


@dataclass(frozen=True)
class Principal:
    """Who acts: a person in a role, or the system itself (no user)."""

    role: str
    name: str = ""
    user_id: UUID | None = None
    membership_id: UUID | None = None
    token_id: UUID | None = None


SYSTEM = Principal(role="system", name="system")


class AllPermissions(frozenset[str]):
    """The permissions of the system itself: contains every one."""

    def __contains__(self, item: object) -> bool:
        return True


@dataclass(frozen=True)
class TenantScope:
    """`accounts` is the part of the tree the principal sees; None is the whole tree."""

    tenant: TenantRecord
    principal: Principal
    permissions: frozenset[str] = field(default_factory=frozenset)
    accounts: frozenset[UUID] | None = None

    def sees(self, account_id: UUID) -> bool:
        """Whether the account lies in the principal's part of the tree."""
        return self.accounts is None or account_id in self.accounts


_scope: ContextVar[TenantScope | None] = ContextVar("scope", default=None)


def current_scope() -> TenantScope:
    """The scope entered at the door; raises NoScope without one."""
    scope = _scope.get()
    if scope is None:
        raise NoScope("no tenant scope")
    return scope


def scope_or_none() -> TenantScope | None:
    """The scope entered at the door, or None on pages that belong to no tenant."""
    return _scope.get()


def system_scope(tenant: TenantRecord) -> TenantScope:
    """The scope of jobs, the consumer and the command line: all rights over the whole tree of one tenant."""
    return TenantScope(tenant=tenant, principal=SYSTEM, permissions=AllPermissions())


@contextmanager
def enter(scope: TenantScope) -> Iterator[TenantScope]:
    """Enters a scope with a session of its own; uncommitted work is rolled back at the end."""
    token = _scope.set(scope)
    try:
        with session_of(scope.tenant.id):
            yield scope
    finally:
        _scope.reset(token)


@contextmanager
def enter_directory() -> Iterator[None]:
    """A session that reads and writes the directory alone: every brand's table looks empty."""
    token = _scope.set(None)
    try:
        with session_of(NO_TENANT):
            yield
    finally:
        _scope.reset(token)


def narrow(accounts: frozenset[UUID]) -> None:
    """Cuts the present scope to a part of the tree; the door calls it once, before anything is read."""
    _scope.set(replace(current_scope(), accounts=accounts))
