"""The ticket: the newest, sealed, for twelve hours."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from saas.db import db
from saas.security.secrets import deployment_ring
from saas.tenancy.scope import TenantScope, enter_directory
from saas.wechat.component.errors import TicketMissing
from saas.wechat.component.events import Ticket
from saas.wechat.component.tickets import TicketStore
from tests.factories.component import COMPONENT


@pytest.fixture
def kept(kept: TicketStore, request: pytest.FixtureRequest) -> TicketStore:
    """Of a platform of this test's own."""
    return replace(kept, component=replace(COMPONENT, app_id=f"wx{abs(hash(request.node.name)):x}"))


def test_before_the_first_there_is_none(kept: TicketStore) -> None:
    with pytest.raises(TicketMissing):
        kept.current()


def test_the_newest_is_kept_whatever_comes_last(kept: TicketStore) -> None:
    kept.keep(Ticket("second", 200))
    kept.keep(Ticket("first, told late", 100))
    assert kept.current() == "second"
    kept.keep(Ticket("third", 300))
    assert kept.current() == "third"


def test_after_twelve_hours_it_is_missing(kept: TicketStore) -> None:
    kept.keep(Ticket("old", 1))
    age(kept, "11 hours 59 minutes")
    assert kept.current() == "old"
    age(kept, "2 minutes")
    with pytest.raises(TicketMissing):
        kept.current()


def age(kept: TicketStore, time: str) -> None:
    with enter_directory():
        older = text(f"UPDATE component_tickets SET received_at = received_at - interval '{time}' WHERE id = :id")
        db.session.execute(older, {"id": kept.component.id})
        db.session.commit()


def test_it_is_sealed_and_no_brand_sees_it(kept: TicketStore, scope: TenantScope) -> None:
    kept.keep(Ticket("CANARY-ticket", 1))
    count = "SELECT count(*) FROM component_tickets"
    assert db.session.scalar(text(count)) == 0
    with enter_directory():
        found = db.session.execute(
            text("SELECT sealed FROM component_tickets WHERE id = :id"), {"id": kept.component.id}
        ).scalar_one()
    assert b"CANARY" not in bytes(found)
    context = f"component_tickets|{kept.component.id}|sealed"
    assert deployment_ring().open(bytes(found), context) == b"CANARY-ticket"
