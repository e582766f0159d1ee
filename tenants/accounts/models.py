"""The tables of nodes, connections, channel codes, stores and grants."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from saas.db import TenantModel, Versioned, belongs_to
from tenants.accounts.domain import SILENT_AFTER, Condition, Kind, StepState, StorePoint

SECRETS = ("app_secret", "token", "encoding_aes_key")


class Account(Versioned, TenantModel):
    """A node of the tree; it may have no WeChat account of its own."""

    __tablename__ = "accounts"
    extra_args = (
        CheckConstraint("kind IN ('central', 'region', 'store')", name="kind"),
        CheckConstraint("(kind = 'central') = (parent_id IS NULL)", name="root"),
        Index("uq_accounts_central", "tenant_id", unique=True, postgresql_where=text("kind = 'central'")),
        Index("ix_accounts_tenant_id_parent_id", "tenant_id", "parent_id"),
        Index("ix_accounts_tenant_id_name_id", "tenant_id", "name", "id"),
    )

    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[UUID | None]
    legal_entity: Mapped[str] = mapped_column(Text, default="")
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    parent = belongs_to("Account", "parent_id", table="accounts")
    connection: Mapped[Connection | None] = relationship(
        "Connection",
        primaryjoin="and_(Connection.tenant_id == Account.tenant_id, foreign(Connection.id) == Account.id)",
        uselist=False,
        viewonly=True,
        lazy="raise",
    )

    @property
    def is_connected(self) -> bool:
        """Whether messages can reach it; needs the connection loaded."""
        return self.connection is not None and self.connection.connection != "none"

    @property
    def sort(self) -> Kind:
        """The kind as an enum."""
        return Kind(self.kind)


class NodePosition(TenantModel):
    """Where a node hung from one day (included) to another (not included), so that past months keep their tree."""

    __tablename__ = "node_positions"
    extra_args = (
        UniqueConstraint("tenant_id", "node_id", "valid_from"),
        CheckConstraint("valid_to > valid_from", name="days"),
        Index("ix_node_positions_tenant_id_parent_id", "tenant_id", "parent_id"),
    )

    node_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    node = belongs_to("Account", "node_id", table="accounts", ondelete="CASCADE")
    parent = belongs_to("Account", "parent_id", table="accounts")


class Connection(TenantModel):
    """A node's WeChat account. Secrets are sealed; edits are guarded by the version of the node.

    A `component` connection was made by a scan: it has no secrets of its own, WeChat tells its facts, and the last four
    columns are about it.
    """

    __tablename__ = "connections"
    extra_args = (
        CheckConstraint("service_type IN ('subscription', 'service')", name="service_type"),
        CheckConstraint("mode IN ('plain', 'compatible', 'safe')", name="mode"),
        CheckConstraint("connection IN ('none', 'direct', 'component')", name="connection"),
        CheckConstraint("connection = 'none' OR app_id IS NOT NULL", name="connected"),
        CheckConstraint(
            "connection <> 'component' OR mode = 'safe' AND authorised_at IS NOT NULL AND app_secret IS NULL",
            name="authorised",
        ),
    )

    id: Mapped[UUID] = mapped_column("account_id", primary_key=True)
    account_id: Mapped[UUID] = synonym("id")
    app_id: Mapped[str | None] = mapped_column(Text)
    original_id: Mapped[str] = mapped_column(Text, default="")
    service_type: Mapped[str] = mapped_column(Text, default="service")
    verified: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[str] = mapped_column(Text, default="safe")
    connection: Mapped[str] = mapped_column(Text, default="direct")
    app_secret: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})
    token: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})
    encoding_aes_key: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})
    health: Mapped[dict[str, Any]] = mapped_column(default=dict)
    connected_at: Mapped[datetime | None]
    last_callback_at: Mapped[datetime | None]
    followers_synced_at: Mapped[datetime | None]
    name: Mapped[str] = mapped_column(Text, default="")
    permission_sets: Mapped[list[Any]] = mapped_column(default=list)
    authorised_at: Mapped[datetime | None]
    unauthorised_at: Mapped[datetime | None]

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")

    @property
    def is_authorised(self) -> bool:
        """Whether it was made by a scan, withdrawn since or not."""
        return self.connection == "component"

    @property
    def is_withdrawn(self) -> bool:
        """Whether the account's owner has taken the authorisation back: nothing can be sent."""
        return self.is_authorised and self.unauthorised_at is not None

    def condition(self, now: datetime) -> Condition:
        """How it is, by the last self-test and by what was heard since."""
        if self.connection == "none":
            return Condition.NONE
        if self.is_withdrawn:
            return Condition.TROUBLE
        if any(self.health.get(step, {}).get("state") == StepState.FAILED for step in ("callback", "token")):
            return Condition.TROUBLE
        heard = self.last_callback_at
        if heard is None:
            return Condition.UNTESTED
        return Condition.SILENT if now - heard > SILENT_AFTER else Condition.WELL


class AuthorisationEvent(TenantModel):
    """What was heard of an authorisation: pushed by WeChat, or brought back by a browser. `outcome` is empty until a
    job has looked at it; the code is forgotten as soon as it was used.
    """

    __tablename__ = "authorisation_events"
    extra_args = (
        UniqueConstraint("tenant_id", "key"),
        CheckConstraint("kind IN ('authorized', 'updateauthorized', 'unauthorized', 'returned')", name="kind"),
        Index("ix_authorisation_events_tenant_id_account_id", "tenant_id", "account_id"),
    )

    account_id: Mapped[UUID]
    key: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(Text)
    app_id: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})
    happened_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(Text, default="")
    errcode: Mapped[int | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")


class Channel(Versioned, TenantModel):
    """A permanent QR code (渠道码) of one account; the fans it brings count for a node."""

    __tablename__ = "channels"
    extra_args = (
        UniqueConstraint("tenant_id", "account_id", "scene"),
        Index("ix_channels_tenant_id_node_id", "tenant_id", "node_id"),
    )

    account_id: Mapped[UUID]
    node_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    scene: Mapped[str] = mapped_column(Text)
    ticket: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")
    image_url: Mapped[str] = mapped_column(Text, default="")
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")
    node = belongs_to("Account", "node_id", table="accounts")

    @property
    def state(self) -> str:
        """ready, failed or waiting: WeChat makes the code after it was planned."""
        if self.url:
            return "ready"
        return "failed" if self.error else "waiting"


class Store(Versioned, TenantModel):
    """An address where fans are served; it belongs to a node. Coordinates are GCJ-02, as WeChat's."""

    __tablename__ = "stores"
    extra_args = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place"),
        Index("ix_stores_tenant_id_account_id", "tenant_id", "account_id"),
    )

    account_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    services: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    address: Mapped[str] = mapped_column(Text, default="")
    city: Mapped[str] = mapped_column(Text, default="")
    district: Mapped[str] = mapped_column(Text, default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str] = mapped_column(Text, default="")
    opening_hours: Mapped[str] = mapped_column(Text, default="")

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")

    def point(self) -> StorePoint:
        """The frozen form for the search of the nearest one."""
        return StorePoint(
            account_id=self.account_id,
            name=self.name,
            services=tuple(self.services),
            address=self.address,
            city=self.city,
            district=self.district,
            latitude=self.latitude,
            longitude=self.longitude,
            phone=self.phone,
            opening_hours=self.opening_hours,
        )


class Grant(TenantModel):
    """Opens a node and all below it to a membership of the directory."""

    __tablename__ = "grants"
    extra_args = (
        UniqueConstraint("tenant_id", "membership_id", "account_id"),
        Index("ix_grants_tenant_id_account_id", "tenant_id", "account_id"),
    )

    membership_id: Mapped[UUID]
    account_id: Mapped[UUID]

    account = belongs_to("Account", "account_id", table="accounts", ondelete="CASCADE")
