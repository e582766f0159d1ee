"""The platform of a deployment: its door, and a capability that remembers what it was told."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from saas.db import db, new_id
from saas.security.secrets import box_of
from saas.tenancy.scope import TenantRecord, TenantScope, current_scope, enter_directory
from saas.wechat.component.door import ComponentDoor
from saas.wechat.component.events import Change
from saas.wechat.component.plug import tickets
from saas.wechat.component.tickets import TicketStore
from saas.wechat.component.tokens import AuthorizerTokenStore, Exchange
from tests.factories.component import COMPONENT


class Told:
    """What the capability was told: for which brand and account."""

    def __init__(self) -> None:
        self.changes: list[tuple[UUID, UUID, Change]] = []

    def note(self, account_id: UUID, change: Change) -> None:
        self.changes.append((current_scope().tenant.id, account_id, change))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def door(app: Flask, told: Told) -> ComponentDoor:
    return ComponentDoor(COMPONENT, told)


@pytest.fixture
def kept(app: Flask) -> TicketStore:
    """Where tickets are kept, with none of another test's."""
    with enter_directory():
        db.session.execute(text("DELETE FROM component_tickets"))
        db.session.commit()
    return tickets(COMPONENT)


@pytest.fixture
def granted(tenant: TenantRecord, scope: TenantScope) -> Callable[..., AuthorizerTokenStore]:
    """Makes the tokens of an account of the test's brand."""
    account_id = new_id()

    def make(exchange: Exchange, *, app_id: str = "wxauthorizer00001") -> AuthorizerTokenStore:
        return AuthorizerTokenStore(
            engine=db.engine,
            box=box_of(tenant.id),
            tenant_id=tenant.id,
            account_id=account_id,
            app_id=app_id,
            exchange=exchange,
        )

    return make
