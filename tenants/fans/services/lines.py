"""Lines of timelines out of acts: what was said, and what was answered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from saas.arrays import Fields, arrays_of, given, text_array
from saas.db import db
from tenants.fans.domain.acts import Act, Pair
from tenants.fans.domain.describing import Described
from tenants.fans.domain.words import search_words

_LINE: Fields = {
    "id": "uuid", "received_at": "timestamptz", "created_at": "timestamptz", "account_id": "uuid", "fan_id": "uuid",
    "node_id": "uuid", "direction": "text", "author": "text", "type": "text", "content": "text", "extra": "jsonb",
    "search": "text", "answered": "boolean", "origin": "text", "rule_id": "text", "journal_id": "bigint",
}  # fmt: skip
_COLUMNS = ", ".join(_LINE)
_LINES = text(f"""
    INSERT INTO messages (tenant_id, {_COLUMNS})
    SELECT (SELECT app_tenant()), {_COLUMNS.replace(" search", " CAST(search AS text[])")} FROM {given(_LINE)}
    ON CONFLICT (tenant_id, id, received_at) DO NOTHING
""")
_LOW = (1 << 62) - 1


class FanRef(NamedTuple):
    """What others may know of a fan; `alias` is what figures keep."""

    id: UUID
    account_id: UUID
    alias: UUID | None
    node_id: UUID
    subscribed: bool


def write_lines(acts: Iterable[Act], fans: Mapping[Pair, FanRef]) -> None:
    """Writes what was said and answered, in one statement; lines that stand already stay as they are."""
    known = ((act, fans[act.pair]) for act in acts if act.pair in fans)
    lines = [line for act, fan in known for line in _lines(act, fan)]
    if lines:
        db.session.execute(_LINES, arrays_of(lines, _LINE))


def line_id(act: Act, *, is_answer: bool) -> str:
    """The line's id: of version 7 and ordered by arrival, but the same each time, so that a line is written once."""
    number = act.journal_id << 1 | is_answer
    milliseconds = int(act.received_at.timestamp() * 1000)
    return f"{milliseconds:012x}7{number >> 62:03x}{1 << 63 | number & _LOW:016x}"


def _lines(act: Act, fan: FanRef) -> Iterator[tuple[Any, ...]]:
    said, answer = act.said, act.answer
    place = (act.account_id, fan.id, fan.node_id)
    extra = {**said.extra, "effects": list(act.effects)} if act.effects else said.extra
    answered = answer is not None if act.awaits_answer else None
    yield (
        line_id(act, is_answer=False), act.received_at, act.occurred_at, *place, "in", "fan", said.type, said.content,
        _json(extra) if extra else "{}", text_array(search_words(said.content)), answered, None, None, act.journal_id,
    )  # fmt: skip
    if answer is not None:
        yield (
            line_id(act, is_answer=True), act.received_at, act.received_at, *place, "out", "robot", answer.type,
            answer.content, _extra_of(act, answer), _words_of(answer.content), None, act.origin, act.rule_id, act.journal_id,
        )  # fmt: skip


def _extra_of(act: Act, answer: Described) -> str:
    """An answer's particulars; and what it was to, when nothing was said."""
    if act.said.is_event:
        return _json({**answer.extra, "to": act.said.extra.get("event")})
    return _json(answer.extra) if answer.extra else "{}"


# Answers come from rules: the same few words again and again.
@lru_cache(maxsize=4096)
def _words_of(content: str) -> str:
    return text_array(search_words(content))


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
