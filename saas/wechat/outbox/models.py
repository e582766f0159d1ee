"""The table of what goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Sequence, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Model, TenantModel

PERSONAL = {"personal": True}
NUMBER = Sequence("outbox_number_seq", metadata=Model.metadata)
OPEN = text("state IN ('planned', 'sending')")
UNHANDLED = text("state IN ('refused', 'unknown') AND handled_at IS NULL")


class OutboxRow(TenantModel):
    """One effect outside: planned → sending → done | refused | unknown. See `states`."""

    __tablename__ = "outbox"
    extra_args = (
        CheckConstraint("state IN ('planned', 'sending', 'done', 'refused', 'unknown')", name="state"),
        UniqueConstraint("tenant_id", "account_id", "key"),
        Index("ix_outbox_open", "tenant_id", "account_id", "number", postgresql_where=OPEN),
        Index("ix_outbox_unhandled", "tenant_id", "account_id", "number", postgresql_where=UNHANDLED),
        Index("ix_outbox_tenant_id_account_id_openid_number", "tenant_id", "account_id", "openid", "number"),
        Index("ix_outbox_finished_at", "finished_at", postgresql_using="brin"),
    )

    number: Mapped[int] = mapped_column(BigInteger, NUMBER, server_default=NUMBER.next_value())
    account_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    openid: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    payload: Mapped[dict[str, Any]] = mapped_column(info=PERSONAL)
    key: Mapped[str | None] = mapped_column(Text)
    """What WeChat knows a repeat by, where it offers that; stored before the first call."""
    state: Mapped[str] = mapped_column(Text, default="planned", server_default="planned")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    errcode: Mapped[int | None]
    wechat_id: Mapped[str | None] = mapped_column(Text)
    reported: Mapped[dict[str, Any] | None]
    """Reports of WeChat's on messages to this fan that came before the outcome: reasons by msgid. See `reports`."""
    spent: Mapped[str | None] = mapped_column(Text)
    """Which of the fan's allowances paid for it."""
    fence: Mapped[int] = mapped_column(default=0, server_default="0")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    claimed_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    """When the call of this claim was about to leave; None: nothing was asked of WeChat since it was claimed."""
    unclear_since: Mapped[datetime | None]
    """Since when a call may have reached WeChat without our knowing."""
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    origin: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    handled_at: Mapped[datetime | None]
    """When a person dealt with what was refused or is unknown: sent it anew, or let it be."""
    handled_by: Mapped[str] = mapped_column(Text, default="", server_default="")
