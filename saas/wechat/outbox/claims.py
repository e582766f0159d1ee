"""The outbox's statements, run in the tenant's scope. Times are the database's; the fence proves whose row it is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Interval, func, literal, text, update
from sqlalchemy.exc import TimeoutError as PoolTimeout

from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat.outbox.models import OutboxRow
from saas.wechat.outbox.states import OPEN, STEPS, State, Step
from saas.wechat.quota.accounts import BEIJING
from saas.wechat.trouble import is_transient

# The oldest that is due; of customer-service messages the fan's first, so that none overtakes another.
CLAIM = text("""
    WITH next AS (
        SELECT o.tenant_id, o.id FROM outbox o
        WHERE o.tenant_id = :tenant AND o.account_id = :account AND o.state = 'planned' AND o.due_at <= clock_timestamp()
          AND (o.kind <> 'custom' OR NOT EXISTS (
              SELECT FROM outbox e WHERE e.tenant_id = o.tenant_id AND e.account_id = o.account_id AND e.openid = o.openid
                AND e.kind = 'custom' AND e.state IN ('planned', 'sending') AND e.number < o.number))
        ORDER BY o.number LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox o SET state = 'sending', fence = o.fence + 1, tries = o.tries + 1, claimed_at = clock_timestamp(),
        called_at = NULL, lease_until = clock_timestamp() + make_interval(secs => :seconds)
    FROM next WHERE o.tenant_id = next.tenant_id AND o.id = next.id
    RETURNING o.id
""")
HOLD = text("""
    UPDATE outbox SET lease_until = clock_timestamp() + make_interval(secs => :seconds),
        called_at = CASE WHEN :is_calling THEN clock_timestamp() END
    WHERE tenant_id = :tenant AND id = :id AND fence = :fence AND state = 'sending'
    RETURNING id
""")
AGE = text("SELECT clock_timestamp() - CAST(:since AS timestamptz)")
DEAD = text("""
    SELECT id FROM outbox WHERE tenant_id = :tenant AND account_id = :account AND state = 'sending'
      AND lease_until < clock_timestamp() ORDER BY number FOR UPDATE SKIP LOCKED
""")

MARGIN = timedelta(minutes=5)
"""WeChat's clock may be behind: a no of the old day would be kept as one of the new."""
SINCE = func.coalesce(OutboxRow.unclear_since, OutboxRow.claimed_at)


def claim(account_id: UUID, *, lease_seconds: float) -> OutboxRow | None:
    """The account's next effect, marked `sending`; None when nothing is due. Commit before the call."""
    values = {"tenant": current_scope().tenant.id, "account": account_id, "seconds": lease_seconds}
    row_id = db.session.scalar(CLAIM, values)
    return None if row_id is None else reread(row_id)


def hold(row: OutboxRow, *, lease_seconds: float, is_calling: bool = False) -> bool:
    """Renews the lease; False when another has taken the effect since, or it was given up.

    `is_calling` notes that a call is about to leave; without it, that nothing is on its way and no call has done anything.
    """
    place = {"tenant": row.tenant_id, "id": row.id, "fence": row.fence}
    values = {**place, "seconds": lease_seconds, "is_calling": is_calling}
    return db.session.scalar(HOLD, values) is not None


def dead(account_id: UUID) -> list[OutboxRow]:
    """Effects whose sender never came back, locked."""
    values = {"tenant": current_scope().tenant.id, "account": account_id}
    return [reread(row_id) for row_id in db.session.scalars(DEAD, values).all()]


def unclear_for(row: OutboxRow) -> timedelta | None:
    """How long before this claim an earlier call was made that may have worked: both moments are the database's."""
    return None if row.unclear_since is None else (row.claimed_at or row.created_at) - row.unclear_since


def age_at_claim(row: OutboxRow) -> timedelta:
    """How old it was when it was claimed: both moments are the database's."""
    return (row.claimed_at or row.created_at) - row.created_at


def until_tomorrow(row: OutboxRow) -> timedelta:
    """From the claim to where WeChat counts the day's calls anew."""
    now = (row.claimed_at or row.created_at).astimezone(BEIJING)
    return datetime.combine(now.date() + timedelta(days=1), time(), BEIJING) - now + MARGIN


def age(since: datetime) -> timedelta:
    """The time since, by the database's clock."""
    passed: timedelta = db.session.scalars(AGE, {"since": since}).one()
    return passed


def record(row: OutboxRow, step: Step) -> bool:
    """Writes what became of the effect; False when it is no longer this sender's to say."""
    allowed = [state for state, steps in STEPS.items() if step.state in steps]
    is_over = step.state not in OPEN
    statement = (
        update(OutboxRow)
        .where(OutboxRow.id == row.id, OutboxRow.fence == row.fence, OutboxRow.state.in_(allowed))
        .values(
            state=step.state,
            reason=step.reason,
            errcode=step.errcode,
            wechat_id=step.wechat_id or OutboxRow.wechat_id,
            lease_until=None,
            unclear_since=OutboxRow.unclear_since if step.is_clear else SINCE,
            due_at=func.clock_timestamp() + literal(step.wait, Interval),
            spent=None if step.is_clear and step.state is not State.DONE else OutboxRow.spent,
            finished_at=func.clock_timestamp() if is_over else None,
        )
        .returning(OutboxRow.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(statement) is not None


def reread(row_id: UUID) -> OutboxRow:
    """The effect as it now stands."""
    return db.session.get_one(OutboxRow, (current_scope().tenant.id, row_id), populate_existing=True)


def is_passing(error: Exception) -> bool:
    """Whether the database is in trouble, or has no connection to spare, rather than the statement wrong."""
    return isinstance(error, PoolTimeout) or is_transient(error)
