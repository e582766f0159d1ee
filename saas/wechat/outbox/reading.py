"""What became of effects, in words; and sending again what a person asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask_babel import LazyString, gettext, lazy_gettext
from sqlalchemy import select

from saas.db import db
from saas.errors import NotFound
from saas.tenancy.scope import current_scope
from saas.wechat.errors import WeChatError
from saas.wechat.outbox.effects import effect_from
from saas.wechat.outbox.errors import NotOver
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.planning import plan
from saas.wechat.outbox.reports import REPORTS
from saas.wechat.outbox.states import Reason, State

STATES: Mapping[str, LazyString] = {
    State.PLANNED: lazy_gettext("Waits to be sent."),
    State.SENDING: lazy_gettext("Being sent."),
    State.DONE: lazy_gettext("Sent."),
    State.REFUSED: lazy_gettext("Not sent."),
    State.UNKNOWN: lazy_gettext(
        "Nobody knows whether it was sent: WeChat gave no clear answer. Look into the chat before you send it again."
    ),
}
REASONS: Mapping[str, LazyString] = {
    Reason.ALLOWANCE: lazy_gettext("Not sent: what WeChat allows after the fan's last act had ended or was used up."),
    Reason.ERASED: lazy_gettext("Not sent: the fan was forgotten before."),
    Reason.FAULT: lazy_gettext("Not sent: the program made a mistake. Nothing is lost; send it again."),
    Reason.LATE: lazy_gettext("Not sent: it had waited so long that it was of no use any more."),
    Reason.UNSENDABLE: lazy_gettext("Not sent: the account is not connected, or the file is gone."),
    **REPORTS,
}


def access_effect(effect_id: UUID) -> OutboxRow:
    """One effect of the brand; raises NotFound for missing and foreign alike."""
    row = db.session.get(OutboxRow, (current_scope().tenant.id, effect_id))
    if row is None:
        raise NotFound
    return row


def list_effects(effect_ids: Iterable[UUID]) -> Mapping[UUID, OutboxRow]:
    """The effects of these ids, in one query; what is missing is left out."""
    query = select(OutboxRow).where(OutboxRow.id.in_(set(effect_ids)))
    return {row.id: row for row in db.session.scalars(query)}


def list_of_fan(account_id: UUID, openid: str, *, limit: int = 50) -> list[OutboxRow]:
    """What was to go to a fan, the newest first."""
    query = select(OutboxRow).where(OutboxRow.account_id == account_id, OutboxRow.openid == openid)
    return list(db.session.scalars(query.order_by(OutboxRow.number.desc()).limit(limit)))


def words(row: OutboxRow) -> LazyString:
    """What became of an effect, and why."""
    if row.state != State.REFUSED:
        return STATES[row.state]
    if row.errcode is not None:
        why = WeChatError(row.errcode).explanation
        return LazyString(lambda: gettext("Not sent: %(why)s", why=why))
    return REASONS.get(row.reason, STATES[State.REFUSED])


def resend(effect_id: UUID) -> OutboxRow:
    """Plans a person's wish to send it again: a new effect, the old one stays as it is.

    Raises NotFound, NotOver while the old one may still go out or has, and NothingLeft.
    """
    row = access_effect(effect_id)
    if row.state not in (State.REFUSED, State.UNKNOWN):
        raise NotOver
    if row.openid is None:
        raise NotFound
    return plan(row.account_id, effect_from(row.kind, row.openid, row.payload), origin=row.origin)
