"""The table of conversations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import TenantModel, Versioned, belongs_to
from tenants.inbox.domain import Status


class Conversation(Versioned, TenantModel):
    """One matter of one fan; `journal_id` is the callback that opened it, so that consuming twice opens one."""

    __tablename__ = "conversations"
    extra_args = (
        CheckConstraint("status IN ('robot', 'waiting', 'open', 'resolved')", name="status"),
        CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", name="resolved"),
        UniqueConstraint("tenant_id", "journal_id"),
        Index(
            "uq_conversations_unresolved",
            "tenant_id",
            "fan_id",
            unique=True,
            postgresql_where=text("status <> 'resolved'"),
        ),
        Index("ix_conversations_tenant_id_status_waiting_since_id", "tenant_id", "status", "waiting_since", "id"),
        Index("ix_conversations_tenant_id_account_id_status", "tenant_id", "account_id", "status"),
        Index("ix_conversations_tenant_id_fan_id", "tenant_id", "fan_id"),
    )

    account_id: Mapped[UUID]
    fan_id: Mapped[UUID]
    node_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(Text, default=Status.WAITING)
    reason: Mapped[str] = mapped_column(Text)
    assignee_id: Mapped[UUID | None]
    waiting_since: Mapped[datetime]
    first_response_seconds: Mapped[int | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str] = mapped_column(Text, default="")
    journal_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    account = belongs_to("Account", "account_id", table="accounts")
    node = belongs_to("Account", "node_id", table="accounts")
    fan = belongs_to("Fan", "fan_id", table="fans", ondelete="CASCADE")
