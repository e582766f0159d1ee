"""The entry that every request passes: authenticate, enter the scope, check the right, act, audit, commit.

Always in this order, and here alone. A view says what it needs with `@requires(...)` or `@public`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask, Response, abort, current_app, g, make_response, request
from flask_login import LoginManager
from flask_login import current_user as session_user

from saas.auth import idempotency
from saas.auth.identity import Identity, identify_session, identify_token
from saas.auth.permissions import SELF
from saas.auth.roles import WHOLE_TREE, Role
from saas.db import db
from saas.errors import Forbidden, NotFound, Unauthenticated
from saas.security import audit
from saas.tenancy.directory import find_tenant
from saas.tenancy.ports import AccountTree
from saas.tenancy.scope import Principal, TenantRecord, TenantScope, enter, enter_directory, narrow

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ANONYMOUS = Principal(role="anonymous")


def requires(permission: StrEnum) -> Callable[[View], View]:
    """Marks a view with the one permission it needs; with a tenant in the path the right is that in the tenant."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Marks a view that everybody may call: log-in, invitation, health."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True)
class Rights:
    """Who may do what: role → permissions, and the port that knows the tree. Filled from the manifests."""

    grants: dict[Role, frozenset[str]]
    tree: AccountTree


class SessionUser:
    """What flask-login keeps: its id is the session's token, so that revoking the row ends the log-in."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, token: str, identity: Identity) -> None:
        self.token, self.identity = token, identity

    def get_id(self) -> str:
        """The opaque session token."""
        return self.token


def init_app(app: Flask, rights: Rights) -> None:
    """Puts the entry around every view registered so far; call it after the last blueprint."""
    app.extensions["rights"] = rights
    login = LoginManager(app, add_context_processor=False)
    login.session_protection = None  # the token is our own and revocable
    login.user_loader(_load_user)
    app.before_request(_forget)
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _guarded(view)


def _forget() -> None:
    # Requests inside one application context (the command line, tests) share `g`.
    for name in ("identity", "principal", "account", "_login_user"):
        g.pop(name, None)


def _guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def entered(**values: Any) -> Any:
        if getattr(view, "is_open", False):
            return view(**values)
        with _door(view, values):
            stored = idempotency.find_stored(g.principal)
            return stored if stored is not None else _act(view, values)

    return entered


def _act(view: Callable[..., Any], values: dict[str, Any]) -> Response:
    if request.method in SAFE:
        response = make_response(view(**values))
    else:
        audit.watch()
        response = make_response(view(**values))
        if response.status_code < 400:
            _record(values)
            idempotency.store(g.principal, response)
    if response.status_code < 400:
        db.session.commit()
    return response


def _record(values: dict[str, Any]) -> None:
    audit.record(
        g.principal,
        action=str(request.endpoint),
        # Ids alone: what else stands in an address may be a secret, as in the link of an invitation.
        path_ids={name: str(value) for name, value in values.items() if isinstance(value, UUID)},
        request_id=g.request_id,
        address=request.remote_addr or "",
    )


@contextmanager
def _door(view: Callable[..., Any], values: dict[str, Any]) -> Iterator[None]:
    tenant_id: UUID | None = values.pop("tenant_id", None)
    with enter_directory():
        identity = _identify()
        g.identity = identity
        tenant = find_tenant(tenant_id) if tenant_id is not None and identity is not None else None
    permission = getattr(view, "permission", None)
    if permission is None and not getattr(view, "is_public", False):
        abort(404)
    if permission is not None and identity is None:
        raise Unauthenticated
    if tenant is None or identity is None:
        with enter_directory():
            g.principal = _check_anywhere(identity, permission)
            yield
        return
    with enter(_scope_in(identity, tenant)) as scope:
        _check_in_tenant(scope, permission, values)
        yield


def _identify() -> Identity | None:
    # A token opens the API and nothing else: on the pages it could make itself a wider one.
    if request.path.startswith("/api/"):
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return identify_token(token.strip()) if kind.lower() == "bearer" else None
    return session_user.identity if session_user.is_authenticated else None


def _load_user(token: str) -> SessionUser | None:
    identity = identify_session(token)
    return None if identity is None else SessionUser(token, identity)


def _check_anywhere(identity: Identity | None, permission: str | None) -> Principal:
    if identity is None:
        return ANONYMOUS
    grants = _rights().grants
    is_own = permission is None or permission in SELF
    holders = [m for m in identity.memberships if is_own or permission in grants[m.role]]
    if not is_own and (not holders or (identity.scopes and permission not in identity.scopes)):
        raise Forbidden
    role = holders[0].role if holders else "none"
    return Principal(role=role, name=identity.name, user_id=identity.user_id, token_id=identity.token_id)


def _scope_in(identity: Identity, tenant: TenantRecord) -> TenantScope:
    membership = identity.membership_in(tenant)
    if membership is None:
        raise NotFound
    permissions = _rights().grants[membership.role]
    if identity.scopes:
        permissions &= identity.scopes
    principal = Principal(
        role=membership.role,
        name=identity.name,
        user_id=identity.user_id,
        membership_id=membership.id,
        token_id=identity.token_id,
    )
    g.principal = principal
    return TenantScope(tenant=tenant, principal=principal, permissions=permissions)


def _check_in_tenant(scope: TenantScope, permission: str | None, values: dict[str, Any]) -> None:
    principal, tree = scope.principal, _rights().tree
    if principal.role not in WHOLE_TREE and principal.membership_id is not None:
        narrow(tree.granted(principal.membership_id))
    account_id = values.get("account_id")
    g.account = tree.node(account_id) if account_id is not None else None
    if permission is not None and permission not in scope.permissions:
        raise Forbidden


def _rights() -> Rights:
    rights: Rights = current_app.extensions["rights"]
    return rights
