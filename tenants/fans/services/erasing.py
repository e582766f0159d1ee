"""Forgetting a fan: identity and content go, the figures stay; and handing out what is kept of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text

from saas import clock
from saas.db import db
from saas.jobs.plan import plan_job
from saas.tenancy.scope import current_scope
from saas.wechat.erasure import forget_fan, is_awaited
from tenants.fans.models import Fan, FanTag
from tenants.fans.services.fans import tags_of
from tenants.fans.services.messages import all_lines

Erase = Callable[[UUID], None]
Export = Callable[[UUID], Mapping[str, Any]]

ERASE_JOB = "fans.erase_due"
SOON = timedelta(minutes=1)
_JOURNAL_IDS = text("SELECT DISTINCT journal_id FROM messages WHERE fan_id = :fan AND journal_id IS NOT NULL")
_BLANK = text("""
    UPDATE messages SET content = '', search = '{}',
        extra = jsonb_strip_nulls(jsonb_build_object('event', extra -> 'event', 'to', extra -> 'to', 'effects', extra -> 'effects'))
    WHERE fan_id = :fan
""")

# A program that has sent something keeps the answer for its repeats; in it stand the words.
_ANSWERED = text("DELETE FROM idempotency_keys WHERE position(convert_to(:fan, 'UTF8') IN body) > 0")


def due_fans(*, now: datetime, limit: int, after: UUID | None = None) -> Sequence[UUID]:
    """Fans whose time to be forgotten has come, in a fixed order: those after one that was tried.

    A delay that was shortened since counts for those who wait as well; one that was lengthened does not.
    """
    delay = timedelta(days=current_scope().tenant.erase_after_days)
    due = func.least(Fan.erase_due_at, Fan.unsubscribed_at + delay)
    query = select(Fan.id).where(Fan.erase_due_at.is_not(None), due <= now, Fan.erased_at.is_(None))
    if after is not None:
        query = query.where(Fan.id > after)
    return db.session.scalars(query.order_by(Fan.id).limit(limit)).all()


def erase_fan(fan_id: UUID, hooks: Sequence[Erase]) -> bool:
    """Forgets a fan everywhere: `hooks` are those of all capabilities. Erasing twice does no harm.

    False, and nothing is done, while a callback of the fan waits to be read: it would bring the fan back.
    """
    fan = _locked(fan_id)
    if fan is not None and fan.openid is not None and is_awaited(fan.account_id, fan.openid):
        return False
    for erase in hooks:
        erase(fan_id)
    return True


def ask_erasure(fan_id: UUID) -> None:
    """Has a fan forgotten as soon as what is known of it was read, also when it follows."""
    fan = _locked(fan_id)
    if fan is not None and fan.erased_at is None:
        fan.erase_asked_at = fan.erase_due_at = clock.now()
        plan_job(ERASE_JOB, due_at=clock.now() + SOON)


def export_fan(fan_id: UUID, hooks: Mapping[str, Export]) -> dict[str, Any]:
    """All that is kept of a fan, by capability."""
    return {"exported_at": clock.now(), **{name: export(fan_id) for name, export in hooks.items()}}


def erase_own(fan_id: UUID) -> None:
    """This capability's part, and the gateway's: what is left is a mark without a name, so that lists still add up."""
    fan = _locked(fan_id)
    if fan is None:
        return
    journal_ids = db.session.scalars(_JOURNAL_IDS, {"fan": fan_id}).all()
    if fan.openid is not None:
        forget_fan(fan.account_id, fan.openid, journal_ids)
    db.session.execute(_BLANK, {"fan": fan_id})
    db.session.execute(_ANSWERED, {"fan": str(fan_id)})
    db.session.execute(delete(FanTag).where(FanTag.fan_id == fan_id))
    fan.openid = fan.unionid = fan.alias = fan.scene = None
    fan.remark = ""
    fan.erased_at = fan.erased_at or clock.now()


def export_own(fan_id: UUID) -> Mapping[str, Any]:
    """What fans and messages hold of one fan."""
    fan = db.session.get_one(Fan, (current_scope().tenant.id, fan_id))
    names = [tag.name for tag in tags_of([fan])[fan.id]]
    return {**_shown(fan, _FAN), "tags": names, "messages": [_shown(line, _LINE) for line in all_lines(fan)]}


_FAN = (
    "id", "account_id", "openid", "unionid", "subscribed", "subscribed_at", "unsubscribed_at", "source", "scene",
    "channel_id", "node_id", "remark", "last_active_at", "erased_at",
)  # fmt: skip
_LINE = ("created_at", "direction", "author", "type", "content", "extra")


def _locked(fan_id: UUID) -> Fan | None:
    return db.session.get(Fan, (current_scope().tenant.id, fan_id), with_for_update=True, populate_existing=True)


def _shown(row: object, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
