"""Brands with a tree, and journal rows as the consumer gives them to observers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text

from saas.db import db
from saas.wechat.batch import Batch, JournalRow
from saas.wechat.dispatch import NO_ANSWER, Answer, Origin
from saas.wechat.messages import Inbound, Subscribe, Text
from saas.wechat.replies import TextReply
from tenants.accounts.domain import Kind
from tenants.accounts.services.tree import Draft, create_account
from tenants.fans.handlers import observe as observe_fans
from tenants.kpi.handlers import observe as observe_figures

_numbers = count(1)
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
"""Noon in Shanghai on a day of March."""
LONG_AGO = date(2020, 1, 1)
ANSWERED = Answer(TextReply("营业时间 8:00–22:00"), Origin("rules", "1"))
WELCOME = Answer(TextReply("欢迎"), Origin("rules", "2"))


def make_node(name: str, kind: Kind, parent: UUID | None = None, *, app_id: str = "") -> UUID:
    """A node of the tree, since long ago; connected when it has an app_id."""
    node = create_account(Draft(name=name, kind=kind), parent_id=parent, since=LONG_AGO)
    if app_id:
        connect_node(node.id)
    return node.id


def connect_node(account_id: UUID, since: datetime = datetime(2020, 1, 1, tzinfo=UTC)) -> None:
    """Gives a node a WeChat account."""
    connected = text("""
        INSERT INTO connections (tenant_id, account_id, app_id, original_id, service_type, verified, mode, connection, health, connected_at)
        VALUES (app_tenant(), :id, :app_id, '', 'service', true, 'plain', 'direct', '{}', :since)
    """)
    db.session.execute(connected, {"id": account_id, "app_id": f"wx{account_id.hex[-16:]}", "since": since})


def make_channel(account_id: UUID, node_id: UUID, scene: str) -> None:
    """A code of an account whose fans count for a node."""
    made = text("""
        INSERT INTO channels (tenant_id, id, account_id, node_id, name, scene, ticket, url, image_url, error, created_at, version)
        VALUES (app_tenant(), gen_random_uuid(), :account, :node, :scene, :scene, '', '', '', '', '2020-01-01', 1)
    """)
    db.session.execute(made, {"account": account_id, "node": node_id, "scene": scene})


def act(account_id: UUID, inbound: Inbound, *, answer: Answer = NO_ANSWER, number: int | None = None) -> JournalRow:
    """A journal row; `number` repeats one that was there."""
    moment = datetime.fromtimestamp(inbound.created_at, UTC)
    return JournalRow(
        id=next(_numbers) if number is None else number,
        account_id=account_id,
        received_at=moment,
        occurred_at=moment,
        inbound=inbound,
        answer=answer,
    )


def at(moment: datetime = NOON, openid: str = "fan") -> dict[str, Any]:
    """The fields that every message has."""
    return {"openid": openid, "created_at": int(moment.timestamp())}


def said(account_id: UUID, openid: str = "fan", *, moment: datetime = NOON, answer: Answer = ANSWERED) -> JournalRow:
    """A text of a fan."""
    number = next(_numbers)
    return act(account_id, Text(**at(moment, openid), content="几点开门", message_id=str(number)), answer=answer)


def followed(account_id: UUID, openid: str = "fan", *, moment: datetime = NOON, scene: str = "") -> JournalRow:
    """A follow, through a code when there is a scene."""
    key = f"qrscene_{scene}" if scene else ""
    return act(account_id, Subscribe(**at(moment, openid), event_key=key), answer=WELCOME)


def observe(rows: Sequence[JournalRow]) -> Iterable[str]:
    """What the consumer does with rows."""
    batch = Batch(tuple(rows))
    observe_fans(batch)
    return observe_figures(batch)
