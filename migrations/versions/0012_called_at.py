"""When a claim's call was about to leave: a sender that dies before it has sent nothing, and that can be known."""

from __future__ import annotations

from alembic import op

revision = "0012_called_at"
down_revision = "0011_patience"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the moment; of what is under way just now nobody knows, so that counts as called."""
    op.execute("ALTER TABLE outbox ADD COLUMN called_at timestamptz DEFAULT now()")
    op.execute("ALTER TABLE outbox ALTER COLUMN called_at DROP DEFAULT")


def downgrade() -> None:
    """Drops it."""
    op.execute("ALTER TABLE outbox DROP COLUMN called_at")
