"""The tables of fans."""

from __future__ import annotations

revision = "0005_fans"
down_revision = "0004_library"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
