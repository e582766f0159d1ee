"""The Open Platform: the component's ticket, whose a pre-authorisation code is, and accounts connected by a scan."""

from __future__ import annotations

from alembic import op

revision = "0010_component"
down_revision = "0009_outbox"
branch_labels = None
depends_on = None

COMPONENT = """
CREATE TABLE component_tickets (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    sealed bytea NOT NULL,
    created_at bigint NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_component_tickets PRIMARY KEY (tenant_id, id)
);
SELECT protect_tenant_table('component_tickets');
CREATE TABLE pre_auth_codes (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code_hash bytea NOT NULL,
    state_hash bytea NOT NULL,
    brand_id uuid NOT NULL CONSTRAINT fk_pre_auth_codes_brand_id REFERENCES tenants,
    account_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_pre_auth_codes PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_pre_auth_codes_tenant_id_code_hash UNIQUE (tenant_id, code_hash),
    CONSTRAINT uq_pre_auth_codes_tenant_id_state_hash UNIQUE (tenant_id, state_hash)
);
CREATE INDEX ix_pre_auth_codes_expires_at ON pre_auth_codes (expires_at);
SELECT protect_tenant_table('pre_auth_codes');
GRANT SELECT (tenant_id, expires_at), DELETE ON pre_auth_codes TO platform;
ALTER TABLE wechat_tokens ADD COLUMN renewal bytea;
"""

CONNECTIONS = """
ALTER TABLE connections
    ADD COLUMN name text NOT NULL DEFAULT '',
    ADD COLUMN permission_sets jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN authorised_at timestamptz,
    ADD COLUMN unauthorised_at timestamptz,
    ADD CONSTRAINT ck_connections_authorised CHECK (
        connection <> 'component' OR mode = 'safe' AND authorised_at IS NOT NULL AND app_secret IS NULL);
CREATE TABLE authorisation_events (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    key bytea NOT NULL,
    kind text NOT NULL CONSTRAINT ck_authorisation_events_kind
        CHECK (kind IN ('authorized', 'updateauthorized', 'unauthorized', 'returned')),
    app_id text NOT NULL,
    code bytea,
    happened_at timestamptz NOT NULL,
    outcome text NOT NULL,
    errcode integer,
    received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_authorisation_events PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_authorisation_events_tenant_id_key UNIQUE (tenant_id, key),
    CONSTRAINT fk_authorisation_events_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_authorisation_events_tenant_id_account_id ON authorisation_events (tenant_id, account_id);
SELECT protect_tenant_table('authorisation_events');
"""

DROPS = """
DROP TABLE authorisation_events;
ALTER TABLE connections DROP CONSTRAINT ck_connections_authorised,
    DROP COLUMN name, DROP COLUMN permission_sets, DROP COLUMN authorised_at, DROP COLUMN unauthorised_at;
ALTER TABLE wechat_tokens DROP COLUMN renewal;
DROP TABLE pre_auth_codes, component_tickets;
"""


def upgrade() -> None:
    """Creates the tables, and the columns of an account that authorised us."""
    for part in (COMPONENT, CONNECTIONS):
        op.execute(part)


def downgrade() -> None:
    """Drops them."""
    op.execute(DROPS)
