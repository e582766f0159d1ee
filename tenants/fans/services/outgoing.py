"""What people send to a fan: one line of the timeline for each effect, written with its plan and under its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import LazyString
from sqlalchemy import ColumnElement, Select, func, or_, select, text

from saas import clock
from saas.db import db
from saas.errors import NotFound
from saas.tenancy.scope import current_scope
from saas.web.paging import Page, page_of
from saas.wechat.outbox import CustomMessage, Effect, OutboxRow, list_effects, plan, words
from tenants.accounts import services as accounts
from tenants.fans.domain.describing import TEMPLATE, Described, describe_reply
from tenants.fans.domain.words import search_words
from tenants.fans.models import Fan, Message
from tenants.fans.services.messages import NEWEST

TROUBLED = ("refused", "unknown")
_JOINED = (OutboxRow.tenant_id == Message.tenant_id) & (OutboxRow.id == Message.id)
_FOLLOWED = ("subscribe", "unsubscribe")
# The act that a person answers: the last thing the fan said or tapped.
_ANSWERED = text("""
    SELECT id FROM messages
    WHERE fan_id = :fan AND direction = 'in' AND type <> 'presence' AND coalesce(extra ->> 'event', '') <> ALL(:not_acts)
    ORDER BY created_at DESC, id DESC LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class Sent:
    """A person's message with what became of it."""

    line: Message
    effect: OutboxRow


@dataclass(frozen=True, slots=True)
class Outcome:
    """The same in words; `handled_by` is who has dealt with what was refused or is unknown."""

    state: str
    sentence: LazyString
    handled_by: str = ""


@dataclass(frozen=True, slots=True)
class HumanAnswer:
    """A person's answer to a fan's act, as figures need it: no words, and the fan by alias."""

    act: str
    fan_id: UUID
    written_at: datetime
    account_id: UUID
    node_id: UUID
    alias: UUID | None


def send_to_fan(fan: Fan, effect: Effect, *, filled: str = "", origin: str = "") -> Message:
    """Plans the effect and writes its line, in the caller's transaction; `filled` are the words of a template.

    Raises NotFound for an erased fan, and NothingLeft when nothing may go.
    """
    if fan.openid is None:
        raise NotFound
    row = plan(fan.account_id, effect, origin=origin)
    said = describe_reply(effect.message) if isinstance(effect, CustomMessage) else Described(TEMPLATE, filled)
    line = _line(fan, row, said)
    db.session.add(line)
    return line


def outcomes_of(lines: Iterable[Message]) -> Mapping[UUID, Outcome]:
    """What became of people's messages among these lines, in one query; of those of long ago nothing is kept."""
    wanted = [line.id for line in lines if line.author == "agent"]
    rows = list_effects(wanted) if wanted else {}
    return {id_: Outcome(row.state, words(row), row.handled_by) for id_, row in rows.items()}


def access_sent(message_id: UUID) -> Sent:
    """A person's message; raises NotFound when missing, foreign or out of the scope's sight."""
    found = db.session.execute(_sent().where(OutboxRow.id == message_id)).one_or_none()
    scope = current_scope()
    if found is None or not (scope.sees(found[0].account_id) or scope.sees(found[0].node_id)):
        raise NotFound
    return Sent(*found)


def list_undelivered(account_id: UUID, *, state: str = "", cursor: str | None = None) -> Page[Message]:
    """Messages of a node and all below it that were refused, or whose fate nobody knows, until a person has dealt with them."""
    return page_of(_undelivered(_below(account_id), state).with_only_columns(Message), sort=NEWEST, cursor=cursor)


def count_undelivered(*, account_id: UUID | None = None) -> Mapping[str, int]:
    """How many of them there are, by state: of a node, or of all in sight."""
    nodes = current_scope().accounts if account_id is None else _below(account_id)
    query = _undelivered(nodes, "").with_only_columns(OutboxRow.state, func.count()).group_by(OutboxRow.state)
    return dict(db.session.execute(query).all())


def human_answer(row: OutboxRow) -> HumanAnswer | None:
    """Which act a sent message answers; None when it is no answer of a person's."""
    query = (
        select(Message, Fan.alias)
        .join(Fan, (Fan.tenant_id == Message.tenant_id) & (Fan.id == Message.fan_id))
        .where(Message.id == row.id, Message.author == "agent", Message.type != TEMPLATE)
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        return None
    line, alias = found
    act = line.extra.get("answers", str(line.id))
    return HumanAnswer(act, line.fan_id, line.created_at, line.account_id, line.node_id, alias)


def _line(fan: Fan, row: OutboxRow, said: Described) -> Message:
    now = clock.now()
    extra = {**said.extra, "by": current_scope().principal.name}
    act = None if said.type == TEMPLATE else _answered_act(fan)
    return Message(
        id=row.id, received_at=now, created_at=now, account_id=fan.account_id, fan_id=fan.id, node_id=fan.node_id,
        direction="out", author="agent", type=said.type, content=said.content,
        extra=extra if act is None else {**extra, "answers": str(act)}, search=search_words(said.content),
        origin="agent",
    )  # fmt: skip


def _answered_act(fan: Fan) -> UUID | None:
    found: UUID | None = db.session.scalar(_ANSWERED, {"fan": fan.id, "not_acts": list(_FOLLOWED)})
    return found


def _sent() -> Select[Message, OutboxRow]:
    return select(Message, OutboxRow).join(OutboxRow, _JOINED)


def _undelivered(nodes: Iterable[UUID] | None, state: str) -> Select[Message, OutboxRow]:
    states = [state] if state else list(TROUBLED)
    query = _sent().where(OutboxRow.state.in_(states), OutboxRow.handled_at.is_(None))
    return query if nodes is None else query.where(_at(list(nodes)))


def _below(account_id: UUID) -> Sequence[UUID] | None:
    node = accounts.access_account(account_id)
    return None if node.parent_id is None else list(accounts.subtree_ids(account_id))


def _at(nodes: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(Message.account_id.in_(nodes), Message.node_id.in_(nodes))
