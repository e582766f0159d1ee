"""Whether a person may write to a fan now: what is left and until when, or why not and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from saas.db import db
from saas.errors import Sentence
from saas.wechat.outbox import OutboxRow
from saas.wechat.quota import fans as quota
from tenants.accounts import services as accounts
from tenants.fans.models import Fan

FORGOTTEN = (_l("The fan is forgotten: there is nobody to write to."), "")
CUT_OFF = (
    _l("The account is not connected to WeChat, so nothing can be sent."),
    _l("Ask whoever manages your accounts to connect it."),
)
LEFT = (
    _l("The fan no longer follows the account: WeChat delivers nothing."),
    _l("When the fan comes back and writes, you may answer again."),
)
NOBODY_THERE = (40003, 43004)
"""WeChat's codes for a receiver who doesn't follow the account."""
A_SECOND = timedelta(seconds=1)  # as exact as WeChat's times
USED_UP = _l("As soon as the fan writes, you may answer again.")


@dataclass(frozen=True, slots=True)
class Allowed:
    """`left` is None for any number; with 0 nothing may go, and `advice` says what to do."""

    sentence: LazyString
    advice: Sentence = ""
    until: datetime | None = None
    left: int | None = 0
    takes_templates: bool = False

    @property
    def may_write(self) -> bool:
        """Whether one more message may be sent."""
        return self.left != 0


def allowed_for(fan: Fan) -> Allowed:
    """What may still be sent to a fan; template messages need a service account and no act of the fan's."""
    if fan.erased_at is not None:
        return Allowed(*FORGOTTEN)
    connection = accounts.find_connection(fan.account_id)
    if connection is None or connection.connection == "none" or connection.is_withdrawn:
        return Allowed(*CUT_OFF)
    if not fan.subscribed or _is_gone(fan):
        return Allowed(*LEFT)
    found, takes = quota.of_fan(fan.account_id, fan.openid or ""), connection.service_type == "service"
    if not found.may_send:
        return Allowed(found.sentence, USED_UP, takes_templates=takes)
    return Allowed(found.sentence, until=found.until, left=found.left, takes_templates=takes)


def _is_gone(fan: Fan) -> bool:
    """Whether WeChat has told a sender so and the fan was not seen since: the event is late, or was lost.

    State and figures wait for that event, or for the night's list: so a leaving is counted once.
    """
    seen = [at for at in (fan.subscribed_at, fan.last_active_at, fan.synced_at) if at is not None]
    query = select(OutboxRow.id).where(
        OutboxRow.account_id == fan.account_id,
        OutboxRow.openid == fan.openid,
        OutboxRow.errcode.in_(NOBODY_THERE),
        OutboxRow.claimed_at >= max(seen, default=fan.created_at) + A_SECOND,
    )
    return db.session.scalar(query.limit(1)) is not None
