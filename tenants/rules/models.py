"""The table of rules."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import TenantModel, Versioned, belongs_to
from tenants.rules.domain.triggers import MatchKind, ReplySpec, RuleSpec, Trigger, TriggerType, Validity


class Rule(Versioned, TenantModel):
    """One rule of one account. `origin_id` and `lock` are set on rules pushed down from above."""

    __tablename__ = "rules"
    extra_args = (
        Index("ix_rules_tenant_id_account_id_priority_id", "tenant_id", "account_id", "priority", "id"),
        CheckConstraint("lock IN ('locked', 'editable', 'optional')", name="lock"),
        CheckConstraint("ends_at > starts_at", name="dates"),
    )

    account_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool] = mapped_column(default=True)
    priority: Mapped[int] = mapped_column(default=0)
    triggers: Mapped[list[Any]]
    replies: Mapped[list[Any]]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    daily_from: Mapped[time | None]
    daily_to: Mapped[time | None]
    origin_id: Mapped[UUID | None]
    lock: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")

    def spec(self, zone: ZoneInfo) -> RuleSpec:
        """The rule as the matcher takes it; its hours are those of `zone`."""
        return RuleSpec(
            id=self.id,
            name=self.name,
            triggers=tuple(_trigger(stored) for stored in self.triggers),
            replies=tuple(_reply(stored) for stored in self.replies),
            validity=self.validity(zone),
            priority=self.priority,
            enabled=self.enabled,
        )

    def validity(self, zone: ZoneInfo) -> Validity:
        """When the rule counts."""
        return Validity(zone, self.starts_at, self.ends_at, self.daily_from, self.daily_to)


def _trigger(stored: dict[str, Any]) -> Trigger:
    match = stored.get("match")
    return Trigger(TriggerType(stored["type"]), MatchKind(match) if match else None, stored.get("value") or "")


def _reply(stored: dict[str, Any]) -> ReplySpec:
    return ReplySpec(stored["type"], {name: value for name, value in stored.items() if name != "type" and value})
