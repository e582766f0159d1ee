"""The message log of accounts, and the timeline of one fan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from saas.db import db
from saas.web.paging import MOST, Page, Sort, page_of
from tenants.accounts import services as accounts
from tenants.fans.domain.describing import EVENT, PRESENCE
from tenants.fans.domain.words import like_pattern, query_words
from tenants.fans.models import Fan, Message

NEWEST = Sort((Message.created_at, Message.id), lambda line: (line.created_at, line.id), descending=True)


@dataclass(frozen=True, kw_only=True)
class MessageFilter:
    """What a log is narrowed to; everything left out doesn't narrow. Events are shown where `type` asks for them."""

    q: str = ""
    direction: str = ""
    author: str = ""
    type: str = ""
    rule_id: str = ""
    fan_id: UUID | None = None
    unanswered: bool = False
    since: datetime | None = None
    until: datetime | None = None


def list_messages(
    account_id: UUID, wanted: MessageFilter, *, cursor: str | None = None, limit: int = 50
) -> Page[Message]:
    """The messages of a node and all below it, newest first."""
    query = select(Message).where(*_place(account_id), *_sort_of(wanted), *_time(wanted), *_words(wanted.q))
    return page_of(query, sort=NEWEST, cursor=cursor, limit=limit)


def timeline(fan: Fan, *, cursor: str | None = None, limit: int = 50) -> Page[Message]:
    """Everything between a fan and the account, newest first."""
    return page_of(_of(fan), sort=NEWEST, cursor=cursor, limit=limit)


def timeline_since(fan: Fan, since: datetime) -> Page[Message]:
    """The same from a moment on, for a page that renews what it shows; no more than fits on one."""
    return page_of(_of(fan).where(Message.created_at >= since), sort=NEWEST, cursor=None, limit=MOST)


def last_words(fan_ids: Iterable[UUID]) -> dict[UUID, Message]:
    """The last message that each of several fans wrote, in one query; for other capabilities' lists."""
    wanted = set(fan_ids)
    if not wanted:
        return {}
    said = (Message.direction == "in", Message.type.not_in((EVENT, PRESENCE)))
    query = select(Message).where(Message.fan_id.in_(wanted), *said).ext(distinct_on(Message.fan_id))
    rows = db.session.scalars(query.order_by(Message.fan_id, Message.created_at.desc(), Message.id.desc()))
    return {line.fan_id: line for line in rows}


class OfAccount(Protocol):
    """Whatever belongs to an account."""

    account_id: Any


def names_of(lines: Iterable[OfAccount]) -> Mapping[UUID, str]:
    """The names of the accounts that rows belong to, in one query."""
    return accounts.names_of({line.account_id for line in lines})


def all_lines(fan: Fan) -> Sequence[Message]:
    """Everything that is kept between a fan and the account, oldest first."""
    query = select(Message).where(Message.fan_id == fan.id).order_by(Message.created_at, Message.id)
    return db.session.scalars(query).all()


def _of(fan: Fan) -> Select[Message]:
    return select(Message).where(Message.fan_id == fan.id, Message.type != PRESENCE)


def _place(account_id: UUID) -> Iterable[ColumnElement[bool]]:
    node = accounts.access_account(account_id)
    if node.parent_id is None:
        return ()  # the top: every message of the brand, which the scope has checked
    below = accounts.subtree_ids(account_id)
    elsewhere = and_(Message.node_id != Message.account_id, Message.node_id.in_(below))  # as the index has them
    return (or_(Message.account_id.in_(below), elsewhere),)


def _sort_of(wanted: MessageFilter) -> Iterable[ColumnElement[bool]]:
    yield Message.type == wanted.type if wanted.type else Message.type.not_in((EVENT, PRESENCE))
    for column, value in (
        (Message.direction, wanted.direction),
        (Message.author, wanted.author),
        (Message.rule_id, wanted.rule_id),
    ):
        if value:
            yield column == value
    if wanted.fan_id is not None:
        yield Message.fan_id == wanted.fan_id
    if wanted.unanswered:
        yield Message.answered.is_(False)


def _time(wanted: MessageFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.since is not None:
        yield Message.created_at >= wanted.since
    if wanted.until is not None:
        yield Message.created_at < wanted.until


def _words(q: str) -> Iterable[ColumnElement[bool]]:
    """Every word of the query stands somewhere in the message, in any order."""
    for part in q.split():
        words = query_words(part)
        if words:
            yield Message.search.contains(words)
        yield Message.content.ilike(like_pattern(part))
