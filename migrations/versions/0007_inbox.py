"""The table of conversations."""

from __future__ import annotations

from alembic import op

revision = "0007_inbox"
down_revision = "0006_rules"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE conversations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    fan_id uuid NOT NULL,
    node_id uuid NOT NULL,
    status text NOT NULL CONSTRAINT ck_conversations_status CHECK (status IN ('robot', 'waiting', 'open', 'resolved')),
    reason text NOT NULL,
    assignee_id uuid,
    waiting_since timestamptz NOT NULL,
    first_response_seconds integer,
    resolved_at timestamptz,
    resolved_by text NOT NULL,
    journal_id bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT pk_conversations PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_conversations_tenant_id_journal_id UNIQUE (tenant_id, journal_id),
    CONSTRAINT fk_conversations_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id),
    CONSTRAINT fk_conversations_tenant_id_node_id FOREIGN KEY (tenant_id, node_id) REFERENCES accounts (tenant_id, id),
    CONSTRAINT fk_conversations_tenant_id_fan_id FOREIGN KEY (tenant_id, fan_id)
        REFERENCES fans (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_conversations_resolved CHECK ((status = 'resolved') = (resolved_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_conversations_unresolved ON conversations (tenant_id, fan_id) WHERE status <> 'resolved';
CREATE INDEX ix_conversations_tenant_id_status_waiting_since_id ON conversations (tenant_id, status, waiting_since, id);
CREATE INDEX ix_conversations_tenant_id_account_id_status ON conversations (tenant_id, account_id, status);
CREATE INDEX ix_conversations_tenant_id_fan_id ON conversations (tenant_id, fan_id);
SELECT protect_tenant_table('conversations');
"""


def upgrade() -> None:
    """Creates the table."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drops it."""
    op.execute("DROP TABLE conversations")
