"""What acts of fans leave behind: fans, their state, and the lines of the timeline. A few statements for any number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import text
from uuid_utils import uuid4, uuid7

from saas.arrays import Fields, arrays_of, given, text_array, uuid_array
from saas.db import db, same_id
from saas.tenancy.scope import current_scope
from saas.wechat.batch import Batch
from tenants.accounts import services as accounts
from tenants.fans.domain.acts import Act, ActKind, Pair, Sighting, sightings
from tenants.fans.services.lines import FanRef, write_lines

# Each of the two times is the latest of its kind, so the rows may come in any order and any number of times.
# At the same second the follow wins: erasing a fan who is there can't be undone, keeping one too long is mended nightly.
_NEWER = "excluded.subscribed_at > coalesce(f.subscribed_at, '-infinity')"
_SIGHTING: Fields = {
    "id": "uuid", "account_id": "uuid", "openid": "text", "followed_at": "timestamptz", "unfollowed_at": "timestamptz",
    "source": "text", "scene": "text", "channel_id": "uuid", "node_id": "uuid", "active_at": "timestamptz",
    "alias": "uuid", "counted": "boolean",
}  # fmt: skip
_UPSERT = text(f"""
    INSERT INTO fans AS f (tenant_id, id, account_id, openid, subscribed_at, unsubscribed_at, source, scene, channel_id,
        node_id, remark, last_active_at, alias, counted, erase_due_at, version)
    SELECT (SELECT app_tenant()), id, account_id, openid, followed_at, unfollowed_at, source, scene, channel_id,
        node_id, '', active_at, alias, counted, CASE
            WHEN unfollowed_at > coalesce(followed_at, '-infinity') THEN unfollowed_at + CAST(:delay AS interval) END, 1
    FROM {given(_SIGHTING)}
    ON CONFLICT (tenant_id, account_id, openid) DO UPDATE SET
        subscribed_at = greatest(f.subscribed_at, excluded.subscribed_at),
        unsubscribed_at = greatest(f.unsubscribed_at, excluded.unsubscribed_at),
        last_active_at = greatest(f.last_active_at, excluded.last_active_at),
        counted = f.counted OR excluded.counted,
        source = CASE WHEN {_NEWER} THEN excluded.source ELSE f.source END,
        scene = CASE WHEN {_NEWER} THEN excluded.scene ELSE f.scene END,
        channel_id = CASE WHEN {_NEWER} THEN excluded.channel_id ELSE f.channel_id END,
        node_id = CASE WHEN {_NEWER} THEN excluded.node_id ELSE f.node_id END,
        erase_due_at = least(f.erase_asked_at, CASE
            WHEN greatest(f.unsubscribed_at, excluded.unsubscribed_at)
                > coalesce(greatest(f.subscribed_at, excluded.subscribed_at), '-infinity')
            THEN greatest(f.unsubscribed_at, excluded.unsubscribed_at) + CAST(:delay AS interval) END)
    RETURNING CAST(account_id AS text), openid, id, alias, node_id, subscribed
""")
_FIND = text("""
    SELECT CAST(account_id AS text), openid, id, alias, node_id, subscribed FROM fans
    WHERE (account_id, openid) IN (SELECT a, o FROM unnest(CAST(:accounts AS uuid[]), CAST(:openids AS text[])) AS p (a, o))
""")
_ASK = text("""
    UPDATE fans SET erase_asked_at = greatest(erase_asked_at, a.at), erase_due_at = least(erase_due_at, a.at)
    FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS a (account_id uuid, openid text, at timestamptz)
    WHERE fans.account_id = a.account_id AND fans.openid = a.openid
""")

Places = Mapping[tuple[UUID, str], tuple[UUID, UUID]]
FOUND = "fans"


def record_acts(acts: Sequence[Act]) -> Mapping[Pair, FanRef]:
    """Brings fans and their timelines up to date; doing it twice changes nothing. Returns the fans of the acts."""
    fans = dict(_see(sightings(acts)))
    fans.update(find_fans({act.pair for act in acts} - fans.keys()))
    _ask_erasure(acts)
    write_lines(acts, fans)
    return fans


def fans_of(batch: Batch) -> Mapping[Pair, FanRef]:
    """The fans behind a batch: as this capability has just seen them, else asked for once."""
    known = batch.found.get(FOUND)
    if known is None:
        known = batch.found[FOUND] = find_fans((row.account_id, row.inbound.openid) for row in batch.rows)
    return cast(Mapping[Pair, FanRef], known)


def find_fans(pairs: Iterable[Pair]) -> dict[Pair, FanRef]:
    """The fans behind pairs of account and openid, in one query; unknown and erased ones are left out."""
    wanted = sorted(set(pairs))
    if not wanted:
        return {}
    values = {
        "accounts": uuid_array(account for account, _ in wanted),
        "openids": text_array(openid for _, openid in wanted),
    }
    return _refs(db.session.execute(_FIND, values))


class Seen(NamedTuple):
    """A sighting as it is written: with its place and, for a fan who is new, an id and an alias."""

    id: str
    account_id: UUID
    openid: str
    followed_at: datetime | None
    unfollowed_at: datetime | None
    source: str
    scene: str | None
    channel_id: UUID | None
    node_id: UUID
    active_at: datetime | None
    alias: str
    counted: bool


def see_fans(rows: Sequence[Seen]) -> dict[Pair, FanRef]:
    """Writes fans as seen."""
    if not rows:
        return {}
    delay = timedelta(days=current_scope().tenant.erase_after_days)
    return _refs(db.session.execute(_UPSERT, {**arrays_of(rows, _SIGHTING), "delay": delay}))


def placed(sighting: Sighting, places: Places, *, announced: bool) -> Seen:
    """A sighting with its place: the fan counts for the node of the code that brought it, else for the account's own.

    `announced` says whether an event told of the follow, so that figures have counted it.
    """
    channel_id, node_id = places.get((sighting.account_id, sighting.scene or ""), (None, sighting.account_id))
    return Seen(
        str(uuid7()),
        sighting.account_id,
        sighting.openid,
        sighting.followed_at,
        sighting.unfollowed_at,
        sighting.source,
        sighting.scene,
        channel_id,
        node_id,
        sighting.active_at,
        str(uuid4()),  # random: an id made from the time would tell when the fan came
        announced and sighting.followed_at is not None,
    )


def places_of(seen: Iterable[Sighting]) -> Places:
    """The channel codes behind the scenes of sightings, in one query."""
    return accounts.places_of((one.account_id, one.scene) for one in seen if one.scene)


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as one parameter: a statement's text, and so its plan, is the same for any number of them."""
    return json.dumps(rows, default=str, ensure_ascii=False)


def _see(seen: Sequence[Sighting]) -> dict[Pair, FanRef]:
    places = places_of(seen)
    return see_fans([placed(one, places, announced=True) for one in seen])


def _refs(rows: Iterable[Any]) -> dict[Pair, FanRef]:
    return {
        (same_id(account), openid): FanRef(fan_id, same_id(account), alias, node_id, subscribed)
        for account, openid, fan_id, alias, node_id, subscribed in rows
    }


def _ask_erasure(acts: Iterable[Act]) -> None:
    asked = [
        {"account_id": act.account_id, "openid": act.openid, "at": act.occurred_at}
        for act in acts
        if act.kind is ActKind.DUTY
    ]
    if asked:
        db.session.execute(_ASK, {"asked": as_json(asked)})
