"""Writes the demo's fans and their lines: thousands of rows in one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import text

from saas.db import db, new_id
from tenants.fans.demo.people import REMARKS, TAGS, Crowd, DemoAct, DemoFan
from tenants.fans.domain.words import search_words

ROWS = 5000
SECOND = timedelta(seconds=1)
_FANS = text("""
    INSERT INTO fans (tenant_id, id, account_id, openid, subscribed_at, unsubscribed_at, source, scene, channel_id, node_id,
        remark, last_active_at, alias, counted, synced_at, erase_due_at, erased_at, created_at, version)
    SELECT app_tenant(), r.id, r.account_id, r.openid, r.subscribed_at, r.unsubscribed_at, r.source, r.scene, r.channel_id,
        r.node_id, '', r.last_active_at, r.alias, true, r.synced_at, r.unsubscribed_at, r.erased_at, r.created_at, 1
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id uuid, account_id uuid, openid text, subscribed_at timestamptz,
        unsubscribed_at timestamptz, source text, scene text, channel_id uuid, node_id uuid, last_active_at timestamptz,
        alias uuid, synced_at timestamptz, erased_at timestamptz, created_at timestamptz)
""")
_LINES = text("""
    INSERT INTO messages (tenant_id, id, received_at, created_at, account_id, fan_id, node_id, direction, author, type,
        content, extra, search, answered, origin)
    SELECT app_tenant(), r.* FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id uuid, received_at timestamptz,
        created_at timestamptz, account_id uuid, fan_id uuid, node_id uuid, direction text, author text, type text,
        content text, extra jsonb, search text[], answered boolean, origin text)
""")

_REMARKS = text("""
    UPDATE fans SET remark = r.remark FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id uuid, remark text)
    WHERE fans.id = r.id
""")
_TAGS = text("""
    INSERT INTO tags (tenant_id, id, account_id, name)
    SELECT app_tenant(), r.id, r.account_id, r.name
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id uuid, account_id uuid, name text)
""")
_TAGGED = text("""
    INSERT INTO fan_tags (tenant_id, id, fan_id, tag_id) SELECT app_tenant(), r.id, r.fan_id, r.tag_id
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id uuid, fan_id uuid, tag_id uuid)
""")


def write_crowd(plan: Crowd, fans: Iterable[DemoFan], began: datetime) -> int:
    """Writes fans and lines; returns how many messages proper there are."""
    kept = list(fans)
    _write(_FANS, (_fan_row(plan, fan, began) for fan in kept))
    lines = [line for fan in kept for line in _lines(plan, fan)]
    _write(_LINES, lines)
    return sum(line["type"] != "event" for line in lines)


def write_notes(plan: Crowd, fans: Iterable[DemoFan], random: Random) -> None:
    """What people noted of a few of them."""
    known = [fan for fan in fans if fan.unsubscribed_at is None and fan.acts]
    _write(_REMARKS, [{"id": fan.id, "remark": random.choice(REMARKS)} for fan in known if random.random() < 0.06])
    tags = {name: new_id() for name in TAGS}
    _write(_TAGS, [{"id": tag_id, "account_id": plan.account_id, "name": name} for name, tag_id in tags.items()])
    chosen = [(fan, random.choice(TAGS)) for fan in known if random.random() < 0.12]
    _write(_TAGGED, [{"id": new_id(), "fan_id": fan.id, "tag_id": tags[name]} for fan, name in chosen])


def _write(statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    remaining = iter(rows)
    while part := list(islice(remaining, ROWS)):
        db.session.execute(statement, {"rows": json.dumps(part, default=str, ensure_ascii=False)})


def _fan_row(plan: Crowd, fan: DemoFan, began: datetime) -> dict[str, Any]:
    gone = fan.unsubscribed_at is not None
    return {
        "id": fan.id,
        "account_id": plan.account_id,
        "openid": None if gone else fan.openid,
        "subscribed_at": fan.subscribed_at,
        "unsubscribed_at": fan.unsubscribed_at,
        "source": fan.source,
        "scene": None if gone else fan.scene,
        "channel_id": fan.channel_id,
        "node_id": fan.node_id,
        "last_active_at": fan.acts[-1].at if fan.acts else fan.subscribed_at if fan.announced else None,
        "alias": None if gone else fan.alias,
        "synced_at": plan.until,
        "erased_at": fan.unsubscribed_at,
        "created_at": fan.subscribed_at if fan.announced else began,
    }


def _lines(plan: Crowd, fan: DemoFan) -> Iterator[dict[str, Any]]:
    acts = list(fan.acts)
    if fan.announced:
        key = {"key": fan.scene} if fan.scene else {}
        acts.insert(0, DemoAct(fan.subscribed_at, "event", "", plan.talk.welcome, {"event": "subscribe", **key}))
    if fan.unsubscribed_at is not None:
        acts.append(DemoAct(fan.unsubscribed_at, "event", "", "", {"event": "unsubscribe"}))
    forgotten = fan.unsubscribed_at is not None
    for act in acts:
        yield _line(plan, fan, act, forgotten=forgotten)
        if act.answer:
            yield _answer(plan, fan, act, forgotten=forgotten)


def _line(plan: Crowd, fan: DemoFan, act: DemoAct, *, forgotten: bool) -> dict[str, Any]:
    words = "" if forgotten else act.words
    extra = {name: act.extra[name] for name in ("event", "effects") if name in act.extra} if forgotten else act.extra
    return {
        **_common(plan, fan, act),
        "direction": "in",
        "author": "fan",
        "type": act.type,
        "content": words,
        "extra": extra,
        "search": _words(words),
        "answered": None if act.type == "event" else bool(act.answer),
        "origin": None,
    }


def _answer(plan: Crowd, fan: DemoFan, act: DemoAct, *, forgotten: bool) -> dict[str, Any]:
    words = "" if forgotten else act.answer
    at = act.at + SECOND
    return {
        **_common(plan, fan, act),
        "received_at": at,
        "created_at": at,
        "direction": "out",
        "author": "robot",
        "type": "text",
        "content": words,
        "extra": {"to": act.extra["event"]} if "event" in act.extra else {},
        "search": _words(words),
        "answered": None,
        "origin": "rules",
    }


def _common(plan: Crowd, fan: DemoFan, act: DemoAct) -> dict[str, Any]:
    return {
        "id": new_id(),
        "received_at": act.at,
        "created_at": act.at,
        "account_id": plan.account_id,
        "fan_id": fan.id,
        "node_id": fan.node_id,
    }


@lru_cache(maxsize=20_000)
def _words(content: str) -> list[str]:
    return search_words(content)
