"""The tables of gateway."""

from __future__ import annotations

revision = "0003_gateway"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
