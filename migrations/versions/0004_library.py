"""The tables of library."""

from __future__ import annotations

revision = "0004_library"
down_revision = "0003_gateway"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
