"""The tables of figures: facts, their sums, and which fan was there on which day. Keys are what the rows are about."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import TenantModel, belongs_to


class Fact(TenantModel):
    """One thing that counts. `source_key` names what it was made from, so that nothing is counted twice.

    It refers to nothing: the day's sum, written in the same statement, refers to the node for all its facts.
    """

    __tablename__ = "facts"
    extra_args = (Index("ix_facts_tenant_id_day", "tenant_id", "day"),)

    id = None  # type: ignore[assignment]  # the key is what the row is about
    source_key: Mapped[str] = mapped_column(Text, primary_key=True)
    node_id: Mapped[UUID]
    account_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    alias: Mapped[UUID | None]
    day: Mapped[date]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]


class KpiDay(TenantModel):
    """A node's figures of one day."""

    __tablename__ = "kpi_days"
    extra_args = (Index("ix_kpi_days_tenant_id_node_id_day", "tenant_id", "node_id", "day"),)

    id = None  # type: ignore[assignment]  # the key is what the row is about
    day: Mapped[date] = mapped_column(primary_key=True)
    node_id: Mapped[UUID] = mapped_column(primary_key=True)
    followers_new: Mapped[int]
    followers_lost: Mapped[int]
    followers_adjusted: Mapped[int]
    interactions: Mapped[int]
    fans_interacting: Mapped[int]
    replies_robot: Mapped[int]
    replies_human: Mapped[int]
    messages_unanswered: Mapped[int]
    handed_over: Mapped[int]
    complaints: Mapped[int]

    node = belongs_to("Account", "node_id", table="accounts")


class KpiMonth(TenantModel):
    """A node's figures of one month, named by its first day; distinct fans are those of the month."""

    __tablename__ = "kpi_months"
    extra_args = (Index("ix_kpi_months_tenant_id_node_id_month", "tenant_id", "node_id", "month"),)

    id = None  # type: ignore[assignment]  # the key is what the row is about
    month: Mapped[date] = mapped_column(primary_key=True)
    node_id: Mapped[UUID] = mapped_column(primary_key=True)
    followers_new: Mapped[int]
    followers_lost: Mapped[int]
    followers_adjusted: Mapped[int]
    interactions: Mapped[int]
    fans_interacting: Mapped[int]
    replies_robot: Mapped[int]
    replies_human: Mapped[int]
    messages_unanswered: Mapped[int]
    handed_over: Mapped[int]
    complaints: Mapped[int]

    node = belongs_to("Account", "node_id", table="accounts")


class FanDay(TenantModel):
    """A fan, by alias, interacted with a node on a day; the day's sum refers to the node."""

    __tablename__ = "fan_days"

    id = None  # type: ignore[assignment]  # the key is what the row is about
    node_id: Mapped[UUID] = mapped_column(primary_key=True)
    alias: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class KpiAwaited(TenantModel):
    """Messages that a tap of the menu announced and that have not come yet; below zero, those that came before their tap."""

    __tablename__ = "kpi_awaited"

    id = None  # type: ignore[assignment]  # the key is what the row is about
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    alias: Mapped[UUID] = mapped_column(primary_key=True)
    msg_type: Mapped[str] = mapped_column(Text, primary_key=True)
    remaining: Mapped[int]
    since: Mapped[datetime]

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")
