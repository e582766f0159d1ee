"""The tables of figures: facts, their sums by day and month, and who was there on which day."""

from __future__ import annotations

from alembic import op

revision = "0008_kpi"
down_revision = "0007_inbox"
branch_labels = None
depends_on = None

FACTS = """
-- A fact refers to no account, row by row: that costs more than the row. The sum of its day, written in the same
-- statement, does so for all of them.
CREATE TABLE facts (
    tenant_id uuid NOT NULL,
    source_key text NOT NULL,
    node_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    amount integer NOT NULL,
    alias uuid,
    day date NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    CONSTRAINT pk_facts PRIMARY KEY (tenant_id, source_key)
);
CREATE INDEX ix_facts_tenant_id_day ON facts (tenant_id, day);
SELECT protect_tenant_table('facts');
CREATE TABLE kpi_awaited (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    alias uuid NOT NULL,
    msg_type text NOT NULL,
    remaining integer NOT NULL,
    since timestamptz NOT NULL,
    CONSTRAINT pk_kpi_awaited PRIMARY KEY (tenant_id, account_id, alias, msg_type),
    CONSTRAINT fk_kpi_awaited_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
SELECT protect_tenant_table('kpi_awaited');
"""

SUMS = """
CREATE TABLE {table} (
    tenant_id uuid NOT NULL,
    node_id uuid NOT NULL,
    {period} date NOT NULL,
    followers_new integer NOT NULL,
    followers_lost integer NOT NULL,
    followers_adjusted integer NOT NULL,
    interactions integer NOT NULL,
    fans_interacting integer NOT NULL,
    replies_robot integer NOT NULL,
    replies_human integer NOT NULL,
    messages_unanswered integer NOT NULL,
    handed_over integer NOT NULL,
    complaints integer NOT NULL,
    CONSTRAINT pk_{table} PRIMARY KEY (tenant_id, {period}, node_id),
    CONSTRAINT fk_{table}_tenant_id_node_id FOREIGN KEY (tenant_id, node_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX ix_{table}_tenant_id_node_id_{period} ON {table} (tenant_id, node_id, {period});
SELECT protect_tenant_table('{table}');
"""

FANS = """
CREATE TABLE fan_days (
    tenant_id uuid NOT NULL,
    node_id uuid NOT NULL,
    day date NOT NULL,
    alias uuid NOT NULL,
    CONSTRAINT pk_fan_days PRIMARY KEY (tenant_id, node_id, alias, day)
);
SELECT protect_tenant_table('fan_days');
"""


def upgrade() -> None:
    """Creates the tables."""
    days = SUMS.format(table="kpi_days", period="day")
    months = SUMS.format(table="kpi_months", period="month")
    for part in (FACTS, days, months, FANS):
        op.execute(part)


def downgrade() -> None:
    """Drops them."""
    op.execute("DROP TABLE fan_days, kpi_months, kpi_days, kpi_awaited, facts")
