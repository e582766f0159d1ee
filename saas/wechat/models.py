"""The gateway's tables. Written by SQL functions and plain statements: no session stands on the reply path."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Sequence, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Model, TenantModel

JOURNAL_ID = Sequence("journal_id_seq", metadata=Model.metadata)


class AccountVersion(Model):
    """One number per account: grows with every edit that changes its answers."""

    __tablename__ = "account_versions"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)


class DedupeKey(Model):
    """What was answered first; kept 30 days, so that a late duplicate is known and answered alike."""

    __tablename__ = "dedupe_keys"
    __table_args__ = (Index("ix_dedupe_keys_received_at", "received_at", postgresql_using="brin"),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSONB, info={"personal": True})
    journal_id: Mapped[int | None] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())


class JournalEntry(Model):
    """One callback as it came, sealed, with our answer; partitioned by the month of arrival."""

    __tablename__ = "journal"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'quarantined')", name="state"),
        Index("ix_journal_open", "tenant_id", "id", postgresql_where=text("state = 'open'")),
        Index("ix_journal_urgent", "tenant_id", "id", postgresql_where=text("state = 'open' AND urgent")),
        {"postgresql_partition_by": "RANGE (received_at)"},
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(
        BigInteger, JOURNAL_ID, primary_key=True, autoincrement=False, server_default=JOURNAL_ID.next_value()
    )
    received_at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())
    account_id: Mapped[UUID]
    key: Mapped[bytes] = mapped_column(LargeBinary)
    raw: Mapped[bytes] = mapped_column(LargeBinary, info={"personal": True})
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB, info={"personal": True})
    state: Mapped[str] = mapped_column(Text, server_default="open")
    tries: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str] = mapped_column(Text, server_default="")
    urgent: Mapped[bool] = mapped_column(server_default=text("false"))
    due_at: Mapped[datetime | None]


class Quarantined(TenantModel):
    """A callback proven to be WeChat's that could not be read, or that no observer could take."""

    __tablename__ = "quarantine"
    extra_args = (Index("ix_quarantine_tenant_id_received_at", "tenant_id", "received_at"),)

    account_id: Mapped[UUID]
    key: Mapped[bytes] = mapped_column(LargeBinary)
    raw: Mapped[bytes] = mapped_column(LargeBinary, info={"personal": True})
    reason: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str] = mapped_column(Text, server_default="open")


class Lane(Model):
    """A tenant's queue of journal rows: who works on it, until when, and the number that outdates whoever was before."""

    __tablename__ = "lanes"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    lease_until: Mapped[datetime] = mapped_column(server_default=text("'-infinity'"))
    fence: Mapped[int] = mapped_column(BigInteger, server_default="0")
    holder: Mapped[str] = mapped_column(Text, server_default="")


class WeChatToken(Model):
    """An account's access token, sealed; the row's lock lets one process fetch at a time.

    `renewal` is the refresh token of an account that authorised our component: always the one WeChat gave last.
    """

    __tablename__ = "wechat_tokens"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})
    renewal: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})
    expires_at: Mapped[datetime] = mapped_column(server_default=text("'-infinity'"))
    fence: Mapped[int] = mapped_column(BigInteger, server_default="0")
