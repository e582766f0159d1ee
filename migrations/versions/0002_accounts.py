"""The tables of accounts."""

from __future__ import annotations

revision = "0002_accounts"
down_revision = "0001_tenancy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
