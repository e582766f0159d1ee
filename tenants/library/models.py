"""The tables of media, of their copies at WeChat, and of accounts' message templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import TenantModel, Versioned, belongs_to


class Media(Versioned, TenantModel):
    """One file of the brand's library."""

    __tablename__ = "media"
    extra_args = (Index("ix_media_tenant_id_kind_id", "tenant_id", "kind", "id"),)

    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MediaUpload(TenantModel):
    """WeChat's id of a file in one account; ends three days after the upload."""

    __tablename__ = "media_uploads"
    extra_args = (UniqueConstraint("tenant_id", "account_id", "media_id"),)

    account_id: Mapped[UUID]
    media_id: Mapped[UUID]
    wechat_id: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None]

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")
    media = belongs_to("Media", "media_id", table="media", ondelete="CASCADE")


class TemplateList(TenantModel):
    """The message templates of one account, as WeChat told them; `errcode` 0 stands for no answer at all."""

    __tablename__ = "template_lists"

    id = None  # type: ignore[assignment]  # one row per account
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    asked_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    errcode: Mapped[int | None]

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")
