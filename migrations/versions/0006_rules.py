"""The tables of rules."""

from __future__ import annotations

revision = "0006_rules"
down_revision = "0005_fans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
