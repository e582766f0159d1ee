"""The tables of kpi."""

from __future__ import annotations

revision = "0008_kpi"
down_revision = "0007_inbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
