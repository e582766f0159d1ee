"""What WeChat reported of a template message before its outcome was written here."""

from __future__ import annotations

from alembic import op

revision = "0014_reported"
down_revision = "0013_rests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the reports; a report's row is found by the fan, whose index stands."""
    op.execute("ALTER TABLE outbox ADD COLUMN reported jsonb")


def downgrade() -> None:
    """Drops them."""
    op.execute("ALTER TABLE outbox DROP COLUMN reported")
