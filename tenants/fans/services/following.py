"""Reading the followers from WeChat: who is there without an event, who has gone without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from saas import clock
from saas.db import db
from saas.tenancy.scope import current_scope
from saas.wechat.answers import Follower
from tenants.fans.domain.acts import Sighting
from tenants.fans.models import Fan
from tenants.fans.ports import Adjustment, count_adjustments
from tenants.fans.services.observing import as_json, placed, places_of, see_fans

FEW = 10
_SEEN = text("UPDATE fans SET synced_at = :at WHERE account_id = :account AND openid = ANY(:openids)")
_ENRICH = text("""
    UPDATE fans SET unionid = coalesce(r.unionid, fans.unionid),
        source = CASE WHEN fans.source = 'unknown' THEN r.source ELSE fans.source END, synced_at = :at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (openid text, unionid text, source text)
    WHERE fans.account_id = :account AND fans.openid = r.openid
""")
_FOUND = text("""
    UPDATE fans SET counted = true
    WHERE account_id = :account AND NOT counted AND (synced_at = :at OR NOT subscribed)
    RETURNING id, account_id, node_id, alias
""")
# A fan erased while following is counted already: whoever is found anew may be that one, and is not counted again.
_TAKE_OVER = text("""
    UPDATE fans SET counted = false WHERE id IN (
        SELECT id FROM fans WHERE account_id = :account AND erased_at IS NOT NULL AND subscribed AND counted
        ORDER BY erased_at LIMIT :most FOR UPDATE)
    RETURNING id
""")
_UNSEEN = """
    account_id = :account AND subscribed AND erased_at IS NULL AND coalesce(synced_at, '-infinity') < :at
        AND greatest(state_at, created_at) < :at
"""
_COUNT_UNSEEN = text(f"SELECT count(*) FROM fans WHERE {_UNSEEN}")
_GONE = text(f"""
    UPDATE fans SET unsubscribed_at = :at, erase_due_at = least(erase_asked_at, :at + CAST(:delay AS interval)), counted = true
    FROM (SELECT id AS gone_id, counted AS was_counted FROM fans WHERE {_UNSEEN} FOR UPDATE) AS gone WHERE id = gone_id
    RETURNING account_id, node_id, alias, was_counted
""")


def sort_out(account_id: UUID, openids: Sequence[str], *, at: datetime) -> list[str]:
    """Marks listed followers as seen at a moment; returns those of whom WeChat is to be asked more."""
    query = select(Fan.openid).where(
        Fan.account_id == account_id, Fan.openid.in_(openids), Fan.subscribed, Fan.synced_at.is_not(None)
    )
    known = set(db.session.scalars(query))
    db.session.execute(_SEEN, {"account": account_id, "openids": list(openids), "at": at})
    return [openid for openid in openids if openid not in known]


def take_in(account_id: UUID, followers: Sequence[Follower], *, at: datetime) -> None:
    """Writes what WeChat told of followers: those unknown become fans, those who had left are back."""
    # Each once: one statement can't write a row twice.
    present = {one.openid: one for one in followers if one.is_subscribed}
    seen = [_sighting(account_id, present[openid], at) for openid in sorted(present)]
    places = places_of(seen)
    rows = [placed(one, places, announced=False) for one in seen]
    fans = see_fans(rows)
    # WeChat lists them, so they are back, whatever the times say.
    back = [row._replace(followed_at=at) for row in rows if not fans[account_id, row.openid].subscribed]
    see_fans(back)
    told = [
        {"openid": one.openid, "unionid": one.unionid or None, "source": source_of(one.scene)}
        for one in present.values()
    ]
    if told:
        db.session.execute(_ENRICH, {"account": account_id, "rows": as_json(told), "at": at})


def count_found(account_id: UUID, *, at: datetime) -> int:
    """Counts as adjusted who was found and no event announced; returns how many."""
    found = db.session.execute(_FOUND, {"account": account_id, "at": at}).all()
    if not found:
        return 0
    known = db.session.execute(_TAKE_OVER, {"account": account_id, "most": len(found)}).all()
    new = found[len(known) :]
    count_adjustments([_adjustment(row, 1, at) for row in new])
    return len(new)


def part_with(account_id: UUID, *, at: datetime) -> int:
    """Marks as gone whom WeChat no longer lists, and counts it; returns how many.

    A list that lacks more than half of the fans is a fault of the list, and believed by nobody: returns 0.
    """
    values: Mapping[str, Any] = {"account": account_id, "at": at}
    unseen = db.session.scalar(_COUNT_UNSEEN, values) or 0
    if unseen > max(FEW, _count_following(account_id) // 2):
        return 0
    delay = timedelta(days=current_scope().tenant.erase_after_days)
    gone = db.session.execute(_GONE, {**values, "delay": delay}).all()
    count_adjustments([_adjustment(row, -1, at) for row in gone if row.was_counted])
    return len(gone)


def source_of(subscribe_scene: str) -> str:
    """WeChat's ADD_SCENE_… as a short word."""
    word = subscribe_scene.removeprefix("ADD_SCENE_").lower()
    return "scan" if word == "qr_code" else word or "others"


def _sighting(account_id: UUID, follower: Follower, at: datetime) -> Sighting:
    told = follower.subscribed_at
    return Sighting(
        account_id=account_id,
        openid=follower.openid,
        followed_at=min(clock.from_timestamp(told), at) if told else at,
        scene=follower.qr_scene or None,
        source=source_of(follower.scene),
    )


def _count_following(account_id: UUID) -> int:
    query = select(func.count()).where(Fan.account_id == account_id, Fan.subscribed, Fan.erased_at.is_(None))
    return db.session.scalar(query) or 0


def _adjustment(row: Any, delta: int, at: datetime) -> Adjustment:
    return Adjustment(account_id=row.account_id, node_id=row.node_id, alias=row.alias, delta=delta, at=at)
