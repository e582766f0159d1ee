"""What may go to fans, what people have sent, and what became of it; committed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from saas import clock
from saas.db import db
from saas.wechat.outbox import OutboxRow
from saas.wechat.quota import fans as quota
from saas.wechat.quota.acts import GRANTS, Changes, Trigger
from tenants.fans import services as fans
from tenants.fans.models import Fan
from tenants.inbox import services as inbox
from tenants.inbox.models import Conversation
from tests.factories.accounts import make_connected
from tests.factories.inbox import make_conversation


def allow(fan: Fan, trigger: Trigger = Trigger.MESSAGE) -> None:
    """The ledger learns of an act of the fan's that happens now."""
    until = clock.now() + GRANTS[trigger].lasts
    quota.apply(Changes(ends={(fan.account_id, str(fan.openid), trigger): until}))
    db.session.commit()


def make_open_conversation(account_id: UUID) -> tuple[Conversation, Fan]:
    """A waiting conversation of a connected account, whose fan may be written to five times."""
    make_connected(account_id)
    conversation = make_conversation(account_id)
    fan = fans.access_fan(conversation.fan_id)
    allow(fan)
    return conversation, fan


def make_sent(fan: Fan, content: str = "您好", *, state: str = "planned", reason: str = "") -> fans.Message:
    """A person's message to the fan, with its outcome."""
    line = inbox.send_message(fan, inbox.words(fan, content))
    db.session.flush()
    db.session.execute(update(OutboxRow).where(OutboxRow.id == line.id).values(state=state, reason=reason))
    db.session.commit()
    return line


def effects() -> list[OutboxRow]:
    """All effects of the brand, in order, as stored now."""
    return list(
        db.session.scalars(select(OutboxRow).order_by(OutboxRow.number), execution_options={"populate_existing": True})
    )
