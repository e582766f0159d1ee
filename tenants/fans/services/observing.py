"""What acts of fans leave behind: fans, their state, and the lines of the timeline. A few statements for any number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from saas.db import db, new_id
from saas.tenancy.scope import current_scope
from tenants.accounts import services as accounts
from tenants.fans.domain.acts import Act, ActKind, Pair, Sighting, sightings
from tenants.fans.domain.describing import Described
from tenants.fans.domain.words import search_words

# Each of the two times is the latest of its kind, so the rows may come in any order and any number of times.
# At the same second the follow wins: erasing a fan who is there can't be undone, keeping one too long is mended nightly.
_NEWER = "excluded.subscribed_at > coalesce(f.subscribed_at, '-infinity')"
_UPSERT = text(f"""
    INSERT INTO fans AS f (tenant_id, id, account_id, openid, subscribed_at, unsubscribed_at, source, scene, channel_id,
        node_id, remark, last_active_at, alias, counted, erase_due_at, version)
    SELECT app_tenant(), s.id, s.account_id, s.openid, s.followed_at, s.unfollowed_at, s.source, s.scene, s.channel_id,
        s.node_id, '', s.active_at, s.alias, s.counted, CASE
            WHEN s.unfollowed_at > coalesce(s.followed_at, '-infinity') THEN s.unfollowed_at + CAST(:delay AS interval) END, 1
    FROM jsonb_to_recordset(CAST(:seen AS jsonb)) AS s (id uuid, account_id uuid, openid text, followed_at timestamptz,
        unfollowed_at timestamptz, source text, scene text, channel_id uuid, node_id uuid, active_at timestamptz, alias uuid,
        counted boolean)
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
    RETURNING id, account_id, openid, alias, node_id, subscribed
""")
_FIND = text("""
    SELECT id, account_id, openid, alias, node_id, subscribed FROM fans
    WHERE (account_id, openid) IN (SELECT a, o FROM unnest(CAST(:accounts AS uuid[]), CAST(:openids AS text[])) AS p (a, o))
""")
_ASK = text("""
    UPDATE fans SET erase_asked_at = greatest(erase_asked_at, a.at), erase_due_at = least(erase_due_at, a.at)
    FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS a (account_id uuid, openid text, at timestamptz)
    WHERE fans.account_id = a.account_id AND fans.openid = a.openid
""")
_LINES = text("""
    INSERT INTO messages (tenant_id, id, received_at, created_at, account_id, fan_id, node_id, direction, author, type,
        content, extra, search, answered, origin, rule_id, journal_id)
    SELECT app_tenant(), l.* FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS l (id uuid, received_at timestamptz,
        created_at timestamptz, account_id uuid, fan_id uuid, node_id uuid, direction text, author text, type text,
        content text, extra jsonb, search text[], answered boolean, origin text, rule_id text, journal_id bigint)
    ON CONFLICT (tenant_id, journal_id, direction, received_at) DO NOTHING
""")

Places = Mapping[tuple[UUID, str], tuple[UUID, UUID]]


@dataclass(frozen=True, slots=True)
class FanRef:
    """What others may know of a fan; `alias` is what figures keep."""

    id: UUID
    account_id: UUID
    alias: UUID | None
    node_id: UUID
    subscribed: bool


def record_acts(acts: Sequence[Act]) -> Mapping[Pair, FanRef]:
    """Brings fans and their timelines up to date; doing it twice changes nothing. Returns the fans of the acts."""
    fans = dict(_see(sightings(acts)))
    missing = {act.pair for act in acts} - fans.keys()
    fans.update(find_fans(missing))
    _ask_erasure(acts)
    _write_lines(acts, fans)
    return fans


def find_fans(pairs: Iterable[Pair]) -> dict[Pair, FanRef]:
    """The fans behind pairs of account and openid, in one query; unknown and erased ones are left out."""
    wanted = sorted(set(pairs))
    if not wanted:
        return {}
    values = {"accounts": [account for account, _ in wanted], "openids": [openid for _, openid in wanted]}
    return _refs(db.session.execute(_FIND, values))


def see_fans(rows: Sequence[Mapping[str, Any]]) -> dict[Pair, FanRef]:
    """Writes fans as seen: rows with the fields of a sighting and the place that the scene gives."""
    if not rows:
        return {}
    delay = timedelta(days=current_scope().tenant.erase_after_days)
    return _refs(db.session.execute(_UPSERT, {"seen": as_json(rows), "delay": delay}))


def placed(sighting: Sighting, places: Places, *, announced: bool) -> dict[str, Any]:
    """A sighting as a row: the fan counts for the node of the code that brought it, else for the account's own.

    `announced` says whether an event told of the follow, so that figures have counted it.
    """
    channel_id, node_id = places.get((sighting.account_id, sighting.scene or ""), (None, sighting.account_id))
    return {
        "id": new_id(),
        "alias": uuid4(),  # random: an id made from the time would tell when the fan came
        "account_id": sighting.account_id,
        "openid": sighting.openid,
        "followed_at": sighting.followed_at,
        "unfollowed_at": sighting.unfollowed_at,
        "source": sighting.source,
        "scene": sighting.scene,
        "channel_id": channel_id,
        "node_id": node_id,
        "active_at": sighting.active_at,
        "counted": announced and sighting.followed_at is not None,
    }


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
        (row.account_id, row.openid): FanRef(row.id, row.account_id, row.alias, row.node_id, row.subscribed)
        for row in rows
    }


def _ask_erasure(acts: Iterable[Act]) -> None:
    asked = [
        {"account_id": act.account_id, "openid": act.openid, "at": act.occurred_at}
        for act in acts
        if act.kind is ActKind.DUTY
    ]
    if asked:
        db.session.execute(_ASK, {"asked": as_json(asked)})


def _write_lines(acts: Iterable[Act], fans: Mapping[Pair, FanRef]) -> None:
    known = [(act, fans[act.pair]) for act in acts if act.pair in fans]
    lines = [_line(act, fan, act.said) for act, fan in known]
    lines += [_line(act, fan, act.answer) for act, fan in known if act.answer is not None]
    if lines:
        db.session.execute(_LINES, {"lines": as_json(lines)})


def _line(act: Act, fan: FanRef, said: Described) -> dict[str, Any]:
    is_answer = said is act.answer
    return {
        "id": new_id(),
        "received_at": act.received_at,
        "created_at": act.received_at if is_answer else act.occurred_at,
        "account_id": act.account_id,
        "fan_id": fan.id,
        "node_id": fan.node_id,
        "direction": "out" if is_answer else "in",
        "author": "robot" if is_answer else "fan",
        "type": said.type,
        "content": said.content,
        "extra": {**said.extra, **_particulars(act, is_answer=is_answer)},
        "search": search_words(said.content),
        "answered": act.answer is not None if not is_answer and act.awaits_answer else None,
        "origin": act.origin if is_answer else None,
        "rule_id": act.rule_id if is_answer else None,
        "journal_id": act.journal_id,
    }


def _particulars(act: Act, *, is_answer: bool) -> dict[str, Any]:
    """What an answer was to, when nothing was said; what else an act set off."""
    if is_answer:
        return {"to": act.said.extra.get("event")} if act.said.is_event else {}
    return {"effects": list(act.effects)} if act.effects else {}
