"""The verbs of conversations: open, find, list, resolve."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, or_, select, text

from saas import clock
from saas.arrays import uuid_array
from saas.capability import Todo
from saas.db import db, new_id
from saas.errors import NotFound
from saas.tenancy.scope import current_scope
from saas.web.paging import Page, Sort, page_of
from tenants.accounts import services as accounts
from tenants.fans import services as fans
from tenants.inbox.domain import HandOver, Status, first_of_each
from tenants.inbox.errors import AlreadyResolved
from tenants.inbox.models import Conversation
from tenants.inbox.permissions import InboxPermission

LONGEST_WAITING = Sort((Conversation.waiting_since, Conversation.id), lambda one: (one.waiting_since, one.id))
NEWEST = Sort(LONGEST_WAITING.columns, LONGEST_WAITING.key, descending=True)
UNDELIVERED = {"unknown": _l("Messages whose fate is unknown"), "refused": _l("Messages that were not sent")}
UNRESOLVED = (Status.WAITING, Status.OPEN)

# Two hand-overs of one fan are one conversation; a conversation that the robot had goes to the people's queue.
_OPEN = text("""
    INSERT INTO conversations AS c (tenant_id, id, account_id, fan_id, node_id, status, reason, waiting_since, resolved_by,
        journal_id, version)
    SELECT app_tenant(), h.id, h.account_id, h.fan_id, h.node_id, 'waiting', h.reason, h.at, '', h.journal_id, 1
    FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS h (id uuid, account_id uuid, fan_id uuid, node_id uuid, reason text,
        at timestamptz, journal_id bigint)
    WHERE NOT EXISTS (SELECT FROM conversations d WHERE d.journal_id = h.journal_id)
    ON CONFLICT (tenant_id, fan_id) WHERE status <> 'resolved' DO UPDATE SET
        reason = CASE WHEN excluded.reason = 'complaint' THEN excluded.reason ELSE c.reason END,
        waiting_since = CASE WHEN c.status = 'robot' THEN excluded.waiting_since ELSE c.waiting_since END,
        version = c.version + CASE WHEN c.status = 'robot' THEN 1 ELSE 0 END,
        status = CASE WHEN c.status = 'robot' THEN 'waiting' ELSE c.status END
""")
_RESOLVED = text("""
    SELECT fan_id, max(resolved_at) AS at FROM conversations
    WHERE tenant_id = app_tenant() AND fan_id = ANY(CAST(:fans AS uuid[])) AND status = 'resolved' GROUP BY fan_id
""")


@dataclass(frozen=True, kw_only=True)
class ConversationFilter:
    """Which conversations a list shows; without a status those that need a person."""

    status: str = ""
    reason: str = ""
    q: str = ""
    account_id: UUID | None = None
    fan_id: UUID | None = None


def open_conversations(asked: Sequence[HandOver]) -> int:
    """Opens a waiting conversation for each fan that asks for a person and has none; how many fans asked.

    What came before the fan's last conversation was resolved, and is only read now, asks for nobody any more.
    """
    known = fans.find_fans(one.pair for one in asked)
    by_fan = first_of_each(_unresolved(asked, known))
    rows = [_row(hand_over, known[pair]) for pair, hand_over in sorted(by_fan.items())]
    if rows:
        db.session.execute(_OPEN, {"asked": json.dumps(rows, default=str)})
    return len(rows)


def access_conversation(conversation_id: UUID) -> Conversation:
    """The conversation; raises NotFound when missing, foreign or outside the scope's part of the tree."""
    found = db.session.get(Conversation, (current_scope().tenant.id, conversation_id))
    if found is None or not (current_scope().sees(found.account_id) or current_scope().sees(found.node_id)):
        raise NotFound
    return found


def list_conversations(wanted: ConversationFilter, *, cursor: str | None = None, limit: int = 50) -> Page[Conversation]:
    """Conversations in sight: the longest waiting first, resolved ones the newest first."""
    sort = NEWEST if wanted.status == Status.RESOLVED else LONGEST_WAITING
    return page_of(_narrowed(wanted), sort=sort, cursor=cursor, limit=limit)


def count_conversations(wanted: ConversationFilter) -> Mapping[str, int]:
    """How many there are in sight, by status."""
    query = _narrowed(wanted).with_only_columns(Conversation.status, func.count()).group_by(Conversation.status)
    return dict(db.session.execute(query).all())


def count_waiting() -> int:
    """How many conversations in sight wait for a person."""
    query = select(func.count()).select_from(Conversation).where(Conversation.status == Status.WAITING, *_seen())
    return db.session.scalar(query) or 0


def list_todos() -> Iterator[Todo]:
    """What waits for a person who works in the inbox."""
    if InboxPermission.INBOX_WORK not in current_scope().permissions:
        return
    yield Todo(label=_l("Fans waiting for an answer"), count=count_waiting(), endpoint="inbox.index", icon="inbox")
    found = fans.count_undelivered()
    for state, label in UNDELIVERED.items():
        count = found.get(state, 0)
        yield Todo(label=label, count=count, endpoint="inbox.undelivered", icon="mail-x", query={"state": state})


def resolve_conversation(conversation: Conversation, *, version: int | None = None) -> Conversation:
    """Ends a conversation; the next hand-over opens another. Raises StaleVersion and AlreadyResolved."""
    conversation.check_version(version)
    if conversation.status == Status.RESOLVED:
        raise AlreadyResolved
    principal = current_scope().principal
    conversation.status = Status.RESOLVED
    conversation.resolved_at = clock.now()
    conversation.resolved_by = principal.name
    conversation.assignee_id = conversation.assignee_id or principal.user_id
    return conversation


def conversations_of(fan_id: UUID) -> Sequence[Conversation]:
    """All conversations of one fan, newest first."""
    query = select(Conversation).where(Conversation.fan_id == fan_id)
    return db.session.scalars(query.order_by(Conversation.waiting_since.desc(), Conversation.id.desc())).all()


def export_fan(fan_id: UUID) -> Mapping[str, Any]:
    """What the inbox keeps of one fan."""
    names = ("id", "status", "reason", "waiting_since", "first_response_seconds", "resolved_at")
    return {"conversations": [{name: getattr(one, name) for name in names} for one in conversations_of(fan_id)]}


def erase_fan(fan_id: UUID) -> None:
    """Ends what is unresolved: there is nobody left to answer. Conversations hold nothing else of a person."""
    for one in conversations_of(fan_id):
        if one.status != Status.RESOLVED:
            one.status, one.resolved_at = Status.RESOLVED, clock.now()


def _unresolved(asked: Iterable[HandOver], known: Mapping[tuple[UUID, str], fans.FanRef]) -> list[HandOver]:
    """The hand-overs of known fans that came after what was resolved; by the time of arrival, which our own clocks tell."""
    of_fans = [(known[one.pair].id, one) for one in asked if one.pair in known]
    if not of_fans:
        return []
    found = db.session.execute(_RESOLVED, {"fans": uuid_array({fan_id for fan_id, _ in of_fans})})
    resolved = {row.fan_id: row.at for row in found}
    return [one for fan_id, one in of_fans if fan_id not in resolved or one.received_at > resolved[fan_id]]


def _row(asked: HandOver, fan: fans.FanRef) -> dict[str, Any]:
    return {
        "id": new_id(),
        "account_id": asked.account_id,
        "fan_id": fan.id,
        "node_id": fan.node_id,
        "reason": asked.reason,
        "at": asked.at.isoformat(),
        "journal_id": asked.journal_id,
    }


def _seen() -> Iterable[ColumnElement[bool]]:
    nodes = current_scope().accounts
    if nodes is not None:
        yield or_(Conversation.account_id.in_(nodes), Conversation.node_id.in_(nodes))


def _narrowed(wanted: ConversationFilter) -> Select[Conversation]:
    query = select(Conversation).where(*_seen(), *_place(wanted.account_id))
    if wanted.status:
        query = query.where(Conversation.status == wanted.status)
    if wanted.reason:
        query = query.where(Conversation.reason == wanted.reason)
    if wanted.fan_id is not None:
        query = query.where(Conversation.fan_id == wanted.fan_id)
    if wanted.q.strip():
        query = query.where(Conversation.fan_id.in_(fans.fans_matching(wanted.q)))
    return query


def _place(account_id: UUID | None) -> Iterable[ColumnElement[bool]]:
    if account_id is None:
        return
    node = accounts.access_account(account_id)
    if node.parent_id is not None:
        below = accounts.subtree_ids(account_id)
        yield or_(Conversation.account_id.in_(below), Conversation.node_id.in_(below))
