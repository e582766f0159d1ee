"""Acts of fans as the journal tells them, and fans made by them; committed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat.batch import Batch, JournalRow
from saas.wechat.dispatch import NO_ANSWER, Answer, Origin
from saas.wechat.messages import Inbound, Subscribe, Text, Unsubscribe
from saas.wechat.replies import TextReply
from tenants.fans.handlers import observe
from tenants.fans.models import Fan
from tenants.fans.services import find_fans

START = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
_numbers = count(1)


def new_openid() -> str:
    """An openid that nobody has."""
    return f"o{uuid4().hex[:27]}"


def text(openid: str, content: str = "营业到几点？", **fields: Any) -> Text:
    """A text of a fan."""
    return Text(openid=openid, msg_type="text", content=content, message_id=str(next(_numbers)), created_at=0, **fields)


def follow(openid: str, scene: str = "", **fields: Any) -> Subscribe:
    """A follow, through a code when a scene is given."""
    key = f"qrscene_{scene}" if scene else ""
    return Subscribe(openid=openid, event="subscribe", event_key=key, created_at=0, **fields)


def unfollow(openid: str) -> Unsubscribe:
    """An unfollow."""
    return Unsubscribe(openid=openid, event="unsubscribe", created_at=0)


def answered(content: str = "每天 8:00–22:00", rule_id: str | None = None, *, effects: tuple[str, ...] = ()) -> Answer:
    """The robot's answer."""
    return Answer(TextReply(content), Origin("rules", rule_id or str(uuid4())), effects)


def row(
    account_id: UUID, inbound: Inbound, *, at: datetime = START, answer: Answer = NO_ANSWER, number: int | None = None
) -> JournalRow:
    """A journal row that arrived a second after it happened."""
    return JournalRow(
        id=next(_numbers) if number is None else number,
        account_id=account_id,
        received_at=at + timedelta(seconds=1),
        occurred_at=at,
        inbound=inbound,
        answer=answer,
    )


def observed(*rows: JournalRow) -> None:
    """Lets the fans capability observe the rows as one batch, and commits."""
    observe(Batch(rows))
    db.session.commit()


def make_fan(account_id: UUID, *, openid: str = "", scene: str = "", at: datetime = START, **values: Any) -> Fan:
    """A fan who followed."""
    return make_fans(account_id, [openid or new_openid()], scene=scene, at=at, **values)[0]


def make_fans(
    account_id: UUID, openids: Iterable[str], *, scene: str = "", at: datetime = START, **values: Any
) -> list[Fan]:
    """Several fans who followed."""
    names = list(openids)
    observed(*(row(account_id, follow(openid, scene), at=at) for openid in names))
    refs = find_fans((account_id, openid) for openid in names)
    fans = [db.session.get_one(Fan, (_tenant_id(), refs[account_id, openid].id)) for openid in names]
    for fan in fans:
        for name, value in values.items():
            setattr(fan, name, value)
    db.session.commit()
    return fans


def fan_of(account_id: UUID, openid: str) -> Fan:
    """The fan as stored now."""
    ref = find_fans([(account_id, openid)])[account_id, openid]
    return db.session.get_one(Fan, (_tenant_id(), ref.id), populate_existing=True)


def _tenant_id() -> UUID:
    return current_scope().tenant.id
