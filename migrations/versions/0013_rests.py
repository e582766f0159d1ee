"""A callback that an observer could not take rests before it is tried again: until when stands in its row."""

from __future__ import annotations

from alembic import op

revision = "0013_rests"
down_revision = "0012_called_at"
branch_labels = None
depends_on = None

RESTS = """
ALTER TABLE journal ADD COLUMN due_at timestamptz;
GRANT SELECT (due_at) ON journal TO platform;
"""


def upgrade() -> None:
    """Adds the moment; whatever is open is due."""
    op.execute(RESTS)


def downgrade() -> None:
    """Drops it: what rests is tried at once."""
    op.execute("ALTER TABLE journal DROP COLUMN due_at")
