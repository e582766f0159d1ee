"""The table of rules."""

from __future__ import annotations

from alembic import op

revision = "0006_rules"
down_revision = "0005_fans"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE rules (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    enabled boolean NOT NULL,
    priority integer NOT NULL,
    triggers jsonb NOT NULL,
    replies jsonb NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    daily_from time,
    daily_to time,
    origin_id uuid,
    lock text CONSTRAINT ck_rules_lock CHECK (lock IN ('locked', 'editable', 'optional')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT pk_rules PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_rules_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_rules_dates CHECK (ends_at > starts_at)
);
CREATE INDEX ix_rules_tenant_id_account_id_priority_id ON rules (tenant_id, account_id, priority, id);
SELECT protect_tenant_table('rules');
"""


def upgrade() -> None:
    """Creates the table."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drops it."""
    op.execute("DROP TABLE rules")
