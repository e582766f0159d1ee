"""The tables of fans, tags and messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import TenantModel, Versioned, belongs_to

PERSONAL = {"personal": True}
ELSEWHERE = text("node_id <> account_id")
"""The lines of fans who count for another node than their account; `account_id` finds all others."""
SUBSCRIBED = "coalesce(subscribed_at >= unsubscribed_at, unsubscribed_at IS NULL)"


class Fan(Versioned, TenantModel):
    """One openid at one account.

    `subscribed_at` and `unsubscribed_at` are each the latest of their kind, so whoever arrives first makes no
    difference; the state follows from them. `counted` says whether a figure knows of this follower.
    """

    __tablename__ = "fans"
    extra_args = (
        UniqueConstraint("tenant_id", "account_id", "openid"),
        Index("ix_fans_tenant_id_account_id_id", "tenant_id", "account_id", "id"),
        Index("ix_fans_tenant_id_node_id_id", "tenant_id", "node_id", "id"),
        Index("ix_fans_tenant_id_openid", "tenant_id", "openid"),
        Index("ix_fans_remarked", "tenant_id", "id", postgresql_where=text("remark <> ''")),
        Index("ix_fans_erase_due", "tenant_id", "erase_due_at", postgresql_where=text("erased_at IS NULL")),
        CheckConstraint("erased_at IS NULL OR coalesce(openid, unionid) IS NULL", name="erased"),
    )

    account_id: Mapped[UUID]
    openid: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    unionid: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    subscribed: Mapped[bool] = mapped_column(Computed(SUBSCRIBED, persisted=True))
    subscribed_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]
    state_at: Mapped[datetime | None] = mapped_column(
        Computed("greatest(subscribed_at, unsubscribed_at)", persisted=True)
    )
    source: Mapped[str] = mapped_column(Text, default="unknown")
    scene: Mapped[str | None] = mapped_column(Text)
    channel_id: Mapped[UUID | None]
    node_id: Mapped[UUID]
    remark: Mapped[str] = mapped_column(Text, default="", info=PERSONAL)
    last_active_at: Mapped[datetime | None]
    alias: Mapped[UUID | None]
    counted: Mapped[bool] = mapped_column(default=False)
    synced_at: Mapped[datetime | None]
    erase_asked_at: Mapped[datetime | None]
    erase_due_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    account = belongs_to("Account", "account_id", table="accounts")
    node = belongs_to("Account", "node_id", table="accounts")
    channel = belongs_to("Channel", "channel_id", table="channels", ondelete="SET NULL (channel_id)")

    @property
    def state(self) -> str:
        """subscribed, left or erased."""
        if self.erased_at is not None:
            return "erased"
        return "subscribed" if self.subscribed else "left"


class Tag(TenantModel):
    """A word that people put on fans of one account."""

    __tablename__ = "tags"
    extra_args = (UniqueConstraint("tenant_id", "account_id", "name"),)

    account_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")


class FanTag(TenantModel):
    """A tag on a fan."""

    __tablename__ = "fan_tags"
    extra_args = (
        UniqueConstraint("tenant_id", "fan_id", "tag_id"),
        Index("ix_fan_tags_tenant_id_tag_id", "tenant_id", "tag_id"),
    )

    fan_id: Mapped[UUID]
    tag_id: Mapped[UUID]

    fan = belongs_to("Fan", "fan_id", table="fans", ondelete="CASCADE")
    tag = belongs_to("Tag", "tag_id", table="tags", ondelete="CASCADE")


class Message(TenantModel):
    """One line of a conversation, or an event of its timeline; partitioned by the month of arrival.

    Nothing refers to it and it refers to nothing: foreign keys would bind the partitions. What came from the journal
    has an id made from the row's number, so that it is written once.
    """

    __tablename__ = "messages"
    extra_args = (
        CheckConstraint("direction IN ('in', 'out')", name="direction"),
        CheckConstraint("author IN ('fan', 'robot', 'agent')", name="author"),
        Index("ix_messages_time", "tenant_id", "created_at", "id"),
        Index("ix_messages_account", "tenant_id", "account_id", "created_at", "id"),
        Index("ix_messages_node", "tenant_id", "node_id", "created_at", "id", postgresql_where=ELSEWHERE),
        Index("ix_messages_fan", "tenant_id", "fan_id", "created_at", "id"),
        Index("ix_messages_search", "search", postgresql_using="gin"),
        {"postgresql_partition_by": "RANGE (received_at)"},
    )

    received_at: Mapped[datetime] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    account_id: Mapped[UUID]
    fan_id: Mapped[UUID]
    node_id: Mapped[UUID]
    direction: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text, info=PERSONAL)
    extra: Mapped[dict[str, Any]] = mapped_column(JSONB, info=PERSONAL)
    search: Mapped[list[str]] = mapped_column(ARRAY(Text), info=PERSONAL)
    answered: Mapped[bool | None]
    origin: Mapped[str | None] = mapped_column(Text)
    rule_id: Mapped[str | None] = mapped_column(Text)
    journal_id: Mapped[int | None] = mapped_column(BigInteger)
