"""What goes out: the outbox, what a fan's acts allow to be sent, and how often an account has called WeChat."""

from __future__ import annotations

from alembic import op

revision = "0009_outbox"
down_revision = "0008_kpi"
branch_labels = None
depends_on = None

OUTBOX = """
CREATE SEQUENCE outbox_number_seq;
GRANT USAGE ON SEQUENCE outbox_number_seq TO app;
CREATE TABLE outbox (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL DEFAULT nextval('outbox_number_seq'),
    account_id uuid NOT NULL,
    kind text NOT NULL,
    openid text,
    payload jsonb NOT NULL,
    key text,
    state text NOT NULL DEFAULT 'planned',
    reason text NOT NULL DEFAULT '',
    errcode integer,
    wechat_id text,
    spent text,
    fence integer NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,
    claimed_at timestamptz,
    lease_until timestamptz,
    unclear_since timestamptz,
    due_at timestamptz NOT NULL DEFAULT now(),
    origin text NOT NULL DEFAULT '',
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    handled_at timestamptz,
    handled_by text NOT NULL DEFAULT '',
    CONSTRAINT pk_outbox PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_outbox_tenant_id_account_id_key UNIQUE (tenant_id, account_id, key),
    CONSTRAINT ck_outbox_state CHECK (state IN ('planned', 'sending', 'done', 'refused', 'unknown'))
);
CREATE INDEX ix_outbox_open ON outbox (tenant_id, account_id, number) WHERE state IN ('planned', 'sending');
CREATE INDEX ix_outbox_unhandled ON outbox (tenant_id, account_id, number)
    WHERE state IN ('refused', 'unknown') AND handled_at IS NULL;
CREATE INDEX ix_outbox_tenant_id_account_id_openid_number ON outbox (tenant_id, account_id, openid, number);
CREATE INDEX ix_outbox_finished_at ON outbox USING brin (finished_at);
SELECT protect_tenant_table('outbox');
GRANT SELECT (tenant_id, account_id, state, tries, due_at, lease_until, created_at, finished_at), DELETE ON outbox TO platform;
"""

# One row per fan and kind of act, written anew with each act: room on the page keeps that cheap.
LEDGER = """
CREATE TABLE allowances (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    openid text NOT NULL,
    trigger text NOT NULL,
    granted integer,
    remaining integer,
    expires_at timestamptz NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_allowances PRIMARY KEY (tenant_id, account_id, openid, trigger),
    CONSTRAINT ck_allowances_remaining CHECK (remaining >= 0)
) WITH (fillfactor = 70);
SELECT protect_tenant_table('allowances');
GRANT SELECT (tenant_id, expires_at), DELETE ON allowances TO platform;
CREATE TABLE call_counts (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    path text NOT NULL,
    day date NOT NULL,
    used integer NOT NULL,
    is_over boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_call_counts PRIMARY KEY (tenant_id, account_id, path, day)
) WITH (fillfactor = 70);
SELECT protect_tenant_table('call_counts');
GRANT SELECT (tenant_id, day), DELETE ON call_counts TO platform;
"""


def upgrade() -> None:
    """Creates the tables."""
    for part in (OUTBOX, LEDGER):
        op.execute(part)


def downgrade() -> None:
    """Drops them."""
    op.execute("DROP TABLE call_counts, allowances, outbox")
    op.execute("DROP SEQUENCE outbox_number_seq")
