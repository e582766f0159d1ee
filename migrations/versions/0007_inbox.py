"""The tables of inbox."""

from __future__ import annotations

revision = "0007_inbox"
down_revision = "0006_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
