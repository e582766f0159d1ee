"""Conversations, opened as the journal opens them; committed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from saas.db import db
from saas.wechat.batch import Batch, JournalRow
from tenants.inbox.handlers import observe
from tenants.inbox.models import Conversation
from tests.factories.fans import START, answered, fan_of, make_fan, observed, row, text


def hand_over(
    account_id: UUID, openid: str, *, at: datetime = START, complaint: bool = False, words: str = "转人工"
) -> JournalRow:
    """A fan's message that the robot handed over."""
    effects = ("hand_over", "complaint") if complaint else ("hand_over",)
    return row(account_id, text(openid, words), at=at, answer=answered("请稍等", effects=effects))


def handed_over(*rows: JournalRow) -> None:
    """Lets fans and inbox observe the rows as one batch, and commits."""
    observed(*rows)
    observe(Batch(rows))
    db.session.commit()


def make_conversation(
    account_id: UUID, *, at: datetime = START, scene: str = "", complaint: bool = False
) -> Conversation:
    """A waiting conversation of a new fan."""
    fan = make_fan(account_id, at=at, scene=scene)
    handed_over(hand_over(account_id, str(fan.openid), at=at, complaint=complaint))
    return db.session.scalars(select(Conversation).where(Conversation.fan_id == fan.id)).one()


def conversations_with(account_id: UUID, openid: str) -> list[Conversation]:
    """All conversations of a fan, oldest first."""
    query = select(Conversation).where(Conversation.fan_id == fan_of(account_id, openid).id)
    return list(db.session.scalars(query.order_by(Conversation.waiting_since)))
