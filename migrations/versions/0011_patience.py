"""Making and dropping months of a table gives up soon where it must wait: all who come after would wait behind it."""

from __future__ import annotations

from alembic import op

revision = "0011_patience"
down_revision = "0010_component"
branch_labels = None
depends_on = None

# Whoever waits for ACCESS EXCLUSIVE, behind pg_dump or a long report, has every callback wait behind himself. Months are
# made three ahead and may be dropped any time: the next hour will do.
SHORTER = """
ALTER FUNCTION ensure_partitions(text, date, date) SET lock_timeout = '200ms';
ALTER FUNCTION drop_old_journal(date) SET lock_timeout = '100ms';
"""

AS_BEFORE = """
ALTER FUNCTION drop_old_journal(date) SET lock_timeout = '1s';
ALTER FUNCTION ensure_partitions(text, date, date) RESET lock_timeout;
"""


def upgrade() -> None:
    """Shortens the waits."""
    op.execute(SHORTER)


def downgrade() -> None:
    """Lets them wait as before."""
    op.execute(AS_BEFORE)
