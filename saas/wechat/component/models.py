"""What belongs to the deployment's component and to no brand: its ticket, and whose a pre-authorisation code is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from saas.db import TenantModel


class ComponentTicket(TenantModel):
    """The ticket WeChat pushed last, sealed. Stands under NO_TENANT: no brand's scope can read it."""

    __tablename__ = "component_tickets"

    sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"secret": True})
    created_at: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())


class PreAuthCode(TenantModel):
    """One way to WeChat's page and back, for one account of one brand. Stands under NO_TENANT: it is looked up before
    a brand is known; code and state are kept as hashes alone.
    """

    __tablename__ = "pre_auth_codes"
    extra_args = (
        UniqueConstraint("tenant_id", "code_hash"),
        UniqueConstraint("tenant_id", "state_hash"),
        Index("ix_pre_auth_codes_expires_at", "expires_at"),
    )

    code_hash: Mapped[bytes] = mapped_column(LargeBinary, info={"secret": True})
    state_hash: Mapped[bytes] = mapped_column(LargeBinary, info={"secret": True})
    brand_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    account_id: Mapped[UUID]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
