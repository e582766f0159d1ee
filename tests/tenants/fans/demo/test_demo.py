"""The demo's fans: enough of them, believable, and the same each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from saas.capability import Demo
from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope
from tenants.accounts import services as accounts
from tenants.accounts.demo import demo as fill_accounts
from tenants.fans.demo import fill
from tenants.fans.models import Fan, Message
from tests.factories.people import make_tenant

UNTIL = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
MESSAGES = 3000


@pytest.fixture
def brand(app: object) -> TenantRecord:
    tenant = make_tenant(name="云岫咖啡")
    # The seed makes the accounts' AppIDs, which one deployment takes once.
    wanted = Demo(seed=tenant.id.int, until=UNTIL, messages=MESSAGES)
    with enter(system_scope(tenant)):
        fill_accounts(wanted)
        fill(wanted)
        db.session.commit()
    return tenant


def test_the_demo_is_believable(brand: TenantRecord) -> None:
    with enter(system_scope(brand)):
        said = db.session.scalar(select(func.count()).where(Message.type != "event"))
        assert said is not None
        assert MESSAGES * 0.9 <= said <= MESSAGES * 2.5  # about: the seed is another each time
        assert db.session.scalar(select(func.max(Message.created_at))) <= UNTIL
        erased = db.session.scalars(select(Fan).where(Fan.unsubscribed_at.is_not(None))).all()
        assert erased
        assert all(fan.openid is None and fan.alias is None for fan in erased)
        silent = next(one for one in accounts.list_accounts() if one.name == "云岫咖啡广州北京路店")
        last = db.session.scalar(select(func.max(Message.created_at)).where(Message.account_id == silent.id))
        assert last < UNTIL - timedelta(days=22)
        texts = select(func.count(func.distinct(Message.content))).where(Message.direction == "in")
        assert db.session.scalar(texts) > 300
        first = db.session.scalar(select(func.count()).where(Fan.subscribed_at < UNTIL - timedelta(days=434)))
        assert first


def test_filling_again_changes_nothing(brand: TenantRecord) -> None:
    with enter(system_scope(brand)):
        before = db.session.scalar(select(func.count()).select_from(Message))
        fill(Demo(seed=7, until=UNTIL, messages=MESSAGES))
        assert db.session.scalar(select(func.count()).select_from(Message)) == before
