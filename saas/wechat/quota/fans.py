"""The ledger of fans: what their acts allow, what was sent of it, and what is left (docs/protocol.md, 10).

It is right for what the consumer has consumed. While callbacks wait, a fan who has just written may be refused a little
too early, never too late by more than what WeChat itself then refuses; the refusal ends the allowance here too. An end may be
told up to ten minutes early, and for as long an unfollow that arrives late may take what came after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from saas.arrays import Fields, arrays_of, given
from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat.batch import Batch
from saas.wechat.quota import mass
from saas.wechat.quota.acts import GRANTS, Changes, Place, Trigger, changes_of
from saas.wechat.quota.words import FanQuota, Part

PARTS = 288
"""What is whole and younger than this part of its time is left as it is: ten minutes of two days."""
ACT: Fields = {
    "account_id": "uuid",
    "openid": "text",
    "trigger": "text",
    "granted": "integer",
    "expires_at": "timestamptz",
    "fresh_after": "timestamptz",
}
# Most acts of a busy hour find the whole allowance there and hardly older: looking costs less than writing it again.
# A value of its own, not EXISTS: that becomes a join, and the join reads every allowance of the brand.
# A late callback of an older act takes nothing away.
GRANT = text(f"""
    INSERT INTO allowances AS a (tenant_id, account_id, openid, trigger, granted, remaining, expires_at, granted_at)
    SELECT (SELECT app_tenant()), account_id, openid, trigger, granted, granted, expires_at, clock_timestamp() FROM {given(ACT)}
    WHERE NOT coalesce((
        SELECT a.expires_at > given.fresh_after AND a.granted IS NOT DISTINCT FROM given.granted
            AND a.remaining IS NOT DISTINCT FROM given.granted
        FROM allowances a WHERE a.tenant_id = (SELECT app_tenant()) AND a.account_id = given.account_id
            AND a.openid = given.openid AND a.trigger = given.trigger), false)
    ON CONFLICT (tenant_id, account_id, openid, trigger) DO UPDATE SET granted = excluded.granted,
        remaining = excluded.remaining, expires_at = excluded.expires_at, granted_at = excluded.granted_at
    WHERE a.expires_at <= excluded.expires_at
""")
GONE: Fields = {"account_id": "uuid", "openid": "text", "trigger": "text", "until": "timestamptz"}
# A late callback of an unfollow leaves what was granted after it.
LEAVE = text(f"""
    DELETE FROM allowances a USING (SELECT account_id, openid, trigger, until FROM {given(GONE)}) AS gone
    WHERE a.tenant_id = :tenant AND a.account_id = gone.account_id AND a.openid = gone.openid
      AND a.trigger = gone.trigger AND a.expires_at <= gone.until
""")
OPEN = text("""
    SELECT trigger, remaining, expires_at, granted_at FROM allowances
    WHERE tenant_id = :tenant AND account_id = :account AND openid = :openid AND expires_at > clock_timestamp()
    ORDER BY expires_at
""")
WAITING = text("""
    SELECT count(*) FROM outbox WHERE tenant_id = :tenant AND account_id = :account AND openid = :openid
      AND kind = 'custom' AND state = 'planned'
""")
# Of several the one that ends first, as WeChat does.
SPEND = text("""
    UPDATE allowances SET remaining = remaining - 1
    WHERE tenant_id = :tenant AND account_id = :account AND openid = :openid AND (remaining > 0 OR remaining IS NULL)
      AND trigger = (SELECT trigger FROM allowances
          WHERE tenant_id = :tenant AND account_id = :account AND openid = :openid
            AND expires_at > clock_timestamp() AND (remaining > 0 OR remaining IS NULL)
          ORDER BY expires_at LIMIT 1 FOR UPDATE)
    RETURNING trigger
""")
GIVE_BACK = text("""
    UPDATE allowances SET remaining = least(remaining + 1, granted)
    WHERE tenant_id = :tenant AND account_id = :account AND openid = :openid AND trigger = :trigger
""")
END = text("""
    UPDATE allowances SET granted = 0, remaining = 0
    WHERE tenant_id = :tenant AND account_id = :account AND openid = :openid
      AND granted_at < (SELECT claimed_at FROM outbox WHERE tenant_id = :tenant AND id = :effect)
""")
FORGET = text("DELETE FROM allowances WHERE tenant_id = :tenant AND account_id = :account AND openid = :openid")


def observe(batch: Batch) -> Iterable[str]:
    """Writes what a batch allows and what went out to all: three statements at most, for any number of rows."""
    apply(changes_of(batch.rows))
    mass.count(batch)
    return ()


def apply(changes: Changes) -> None:
    """Writes them; always in one order, so that two consumers never wait for each other."""
    if changes.left:
        gone = [(*fan, one, at + GRANTS[one].lasts) for fan, at in sorted(changes.left.items()) for one in Trigger]
        db.session.execute(LEAVE, {"tenant": current_scope().tenant.id, **arrays_of(gone, GONE)})
    if changes.ends:
        rows = [_row(place, until) for place, until in sorted(changes.ends.items())]
        db.session.execute(GRANT, arrays_of(rows, ACT))


def _row(place: Place, until: datetime) -> tuple[object, ...]:
    grant = GRANTS[place[2]]
    return (*place, grant.messages, until, until - grant.lasts / PARTS)


def of_fan(account_id: UUID, openid: str) -> FanQuota:
    """How many messages may still go to a fan, until when, and why none: as far as the consumer has come."""
    place = _place(account_id, openid)
    parts = tuple(
        Part(Trigger(row.trigger), row.remaining, row.expires_at) for row in db.session.execute(OPEN, place).all()
    )
    return FanQuota(parts, waiting=db.session.scalars(WAITING, place).one() if parts else 0)


def spend(account_id: UUID, openid: str) -> str | None:
    """Takes one message from what is left, in the statement that looks; which allowance paid, or None."""
    return db.session.scalar(SPEND, _place(account_id, openid))


def give_back(account_id: UUID, openid: str, trigger: str) -> None:
    """Certainly nothing was sent: the message counts again."""
    db.session.execute(GIVE_BACK, {**_place(account_id, openid), "trigger": trigger})


def end(account_id: UUID, openid: str, effect_id: UUID) -> None:
    """WeChat says that nothing more may go: what was allowed before the effect was claimed is over."""
    db.session.execute(END, {**_place(account_id, openid), "effect": effect_id})


def forget(account_id: UUID, openid: str) -> None:
    """Drops all that is known of a fan."""
    db.session.execute(FORGET, _place(account_id, openid))


def _place(account_id: UUID, openid: str) -> dict[str, object]:
    return {"tenant": current_scope().tenant.id, "account": account_id, "openid": openid}
