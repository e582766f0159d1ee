"""Planning an effect: a row in the caller's transaction. Senders hear of it with the commit, and would find it without."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import event, text

from saas.db import TenantSession, db, new_id
from saas.faultpoints import Point, reach
from saas.tenancy.scope import current_scope
from saas.wechat.outbox.effects import CustomMessage, Effect, legal
from saas.wechat.outbox.errors import NothingLeft
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.quota import accounts, fans

CHANNEL = "outbox"
NEW = "planned effects"
NOTIFY = text("SELECT pg_notify(:channel, '')")


def plan(account_id: UUID, effect: Effect, *, origin: str = "", due_at: datetime | None = None) -> OutboxRow:
    """Adds the effect to the session; it goes out after the commit. `origin` is the caller's own word for why.

    Raises NothingLeft when WeChat would refuse it, as far as the ledger knows.
    """
    check(account_id, effect)
    row_id = new_id()
    row = OutboxRow(
        id=row_id,
        account_id=account_id,
        kind=effect.kind,
        openid=effect.openid,
        payload=legal(effect.payload()),
        key=row_id.hex if effect.policy.window is not None else None,
        origin=origin,
        created_by=current_scope().principal.user_id,
    )
    if due_at is not None:
        row.due_at = due_at
    db.session.add(row)
    db.session.execute(NOTIFY, {"channel": CHANNEL})  # heard with the commit, not before
    return row


def check(account_id: UUID, effect: Effect) -> None:
    """Raises NothingLeft with the reason when the effect would be refused if it went out now."""
    path = accounts.of_account(account_id).of(effect.path)
    if path.is_over:
        raise NothingLeft(path.sentence)
    if effect.kind == CustomMessage.kind:
        quota = fans.of_fan(account_id, effect.openid)
        if not quota.may_send:
            raise NothingLeft(quota.sentence)


@event.listens_for(TenantSession, "after_flush")
def _remember(session: TenantSession, _context: object) -> None:
    if any(isinstance(row, OutboxRow) for row in session.new):
        session.info[NEW] = True


@event.listens_for(TenantSession, "after_commit")
def _planned(session: TenantSession) -> None:
    if session.info.pop(NEW, False):
        reach(Point.OUTBOX_PLANNED)


@event.listens_for(TenantSession, "after_rollback")
def _forget(session: TenantSession) -> None:
    session.info.pop(NEW, None)
