"""The tables of the ledger."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Model


class Allowance(Model):
    """What one kind of act of a fan allows; without numbers, anything until its end."""

    __tablename__ = "allowances"
    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining"),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    openid: Mapped[str] = mapped_column(Text, primary_key=True, info={"personal": True})
    trigger: Mapped[str] = mapped_column(Text, primary_key=True)
    granted: Mapped[int | None]
    remaining: Mapped[int | None]
    expires_at: Mapped[datetime]
    granted_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CallCount(Model):
    """How often an account called a path on a day of Beijing, and whether WeChat said that it was the last time."""

    __tablename__ = "call_counts"

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    used: Mapped[int]
    is_over: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
