"""The rows of planned work."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import TenantModel


class JobRow(TenantModel):
    """One piece of work of one tenant: planned → running → done | failed. Arguments are ids only."""

    __tablename__ = "jobs"
    extra_args = (
        UniqueConstraint("tenant_id", "name", "slot"),
        Index("ix_jobs_open", "due_at", postgresql_where=text("state IN ('planned', 'running')")),
    )

    name: Mapped[str] = mapped_column(Text)
    arguments: Mapped[dict[str, Any]]
    slot: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="planned", server_default="planned")
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0, server_default="0")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int | None]
    stop_requested: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    error: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
