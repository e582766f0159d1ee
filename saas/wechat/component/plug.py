"""Puts the component into the application, and makes what its calls need. Call these in an application context."""

from __future__ import annotations

from uuid import UUID

from flask import Flask, current_app

from saas.config import Config
from saas.db import db
from saas.security.secrets import box_of, deployment_ring
from saas.tenancy.scope import NO_TENANT
from saas.wechat.breaker import Breakers
from saas.wechat.component.api import ComponentApi
from saas.wechat.component.errors import ComponentNotSetUp
from saas.wechat.component.settings import Component, component_of
from saas.wechat.component.tickets import TicketStore
from saas.wechat.component.tokens import AuthorizerTokenStore
from saas.wechat.guard import Guard
from saas.wechat.tokens import Issued, TokenStore


def init_app(app: Flask, config: Config) -> None:
    """Remembers the platform that the settings name; opens no connection."""
    app.extensions["component"] = component_of(config)


def present_component() -> Component | None:
    """The deployment's platform, or None."""
    component: Component | None = current_app.extensions["component"]
    return component


def access_component() -> Component:
    """The deployment's platform; raises ComponentNotSetUp."""
    component = present_component()
    if component is None:
        raise ComponentNotSetUp
    return component


def tickets(component: Component) -> TicketStore:
    """Where its ticket is kept."""
    return TicketStore(db.engine, deployment_ring(), component)


def component_api() -> ComponentApi:
    """The platform's own calls; raises ComponentNotSetUp."""
    component = access_component()
    _hosts, http = current_app.extensions["wechat_out"]
    tokens = TokenStore(
        engine=db.engine,
        box=deployment_ring(),
        tenant_id=NO_TENANT,
        account_id=component.id,
        app_id=component.app_id,
    )
    breakers: Breakers = current_app.extensions["wechat_breakers"]
    guard = Guard(breakers.of(component.id))
    return ComponentApi(component, http=http, tokens=tokens, tickets=tickets(component), guard=guard)


def authorizer_tokens(tenant_id: UUID, account_id: UUID, app_id: str) -> AuthorizerTokenStore:
    """The token of an account that authorised us."""

    def exchange(refresh_token: str) -> Issued:
        return component_api().renew(app_id, refresh_token)

    return AuthorizerTokenStore(
        engine=db.engine,
        box=box_of(tenant_id),
        tenant_id=tenant_id,
        account_id=account_id,
        app_id=app_id,
        exchange=exchange,
    )
