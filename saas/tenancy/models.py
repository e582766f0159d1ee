"""The directory's tables: read before a tenant is known, without row-level security and without a brand's content."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import Model, TenantModel, Versioned, new_id


class Agency(Model):
    """服务商: runs the accounts of several brands."""

    __tablename__ = "agencies"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def pair(self) -> tuple[str, str]:
        """Value and label of a choice."""
        return str(self.id), self.name


class Tenant(Versioned, Model):
    """品牌: one brand, the unit of isolation."""

    __tablename__ = "tenants"
    __table_args__ = (
        CheckConstraint("erase_after_days BETWEEN 0 AND 30", name="erase_after_days"),
        CheckConstraint("erase_after_days = 0 OR erase_reason <> ''", name="erase_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agencies.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text, default="Asia/Shanghai")
    accent: Mapped[str] = mapped_column(Text, default="blue")
    erase_after_days: Mapped[int] = mapped_column(default=0)
    erase_reason: Mapped[str] = mapped_column(Text, default="")
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary, info={"secret": True})
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class User(Versioned, Model):
    """A person who logs in, by e-mail or mobile number."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email IS NOT NULL OR mobile IS NOT NULL", name="login"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str | None] = mapped_column(Text, unique=True)
    mobile: Mapped[str | None] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text, info={"secret": True})
    language: Mapped[str] = mapped_column(Text, default="zh")
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UserSession(Model):
    """One log-in on one device; only the hash of its token is kept."""

    __tablename__ = "user_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info={"secret": True})
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(Text, default="")
    device: Mapped[str] = mapped_column(Text, default="")


class Membership(Versioned, Model):
    """A person's role: over the deployment, in an agency, or in one brand. Invited while `user_id` is empty."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "ix_memberships_holder",
            "user_id",
            func.coalesce(text("tenant_id"), text("agency_id")),
            "role",
            unique=True,
            postgresql_where=text("user_id IS NOT NULL"),
        ),
        Index("ix_memberships_tenant_id", "tenant_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agencies.id"))
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenants.id"))
    role: Mapped[str] = mapped_column(Text)
    invited_name: Mapped[str] = mapped_column(Text, default="")
    invitation_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True, info={"secret": True})
    invitation_expires_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ApiToken(Model):
    """A key for programs: shown once, hashed, narrowed to scopes, revocable. Acts with its membership's role."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info={"secret": True})
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DirectoryEntry(Model):
    """Which account of which tenant an app_id belongs to; unique over the deployment."""

    __tablename__ = "account_directory"

    app_id: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), index=True)
    account_id: Mapped[UUID]


class AuditEntry(TenantModel):
    """What one unsafe request did; the app's role may add and read, never change. Tenantless acts stand under NO_TENANT."""

    __tablename__ = "audit_entries"
    extra_args = (Index("ix_audit_entries_tenant_id_at", "tenant_id", "at"),)

    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    user_id: Mapped[UUID | None]
    user_name: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(Text)
    path_ids: Mapped[dict[str, Any]]
    changes: Mapped[list[Any]]
    request_id: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text, default="")


class IdempotencyKey(TenantModel):
    """The stored first answer to a creating request; a repeat with the same key gets it again."""

    __tablename__ = "idempotency_keys"
    extra_args = (UniqueConstraint("tenant_id", "principal", "key"),)

    principal: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    content_type: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
