"""The tree of accounts, their connections, channel codes, stores, and the grants of people to accounts."""

from __future__ import annotations

from alembic import op

revision = "0002_accounts"
down_revision = "0001_tenancy"
branch_labels = None
depends_on = None

TREE = """
CREATE TABLE accounts (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CONSTRAINT ck_accounts_kind CHECK (kind IN ('central', 'region', 'store')),
    parent_id uuid,
    legal_entity text NOT NULL,
    profile jsonb NOT NULL,
    archived_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT pk_accounts PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_accounts_tenant_id_parent_id FOREIGN KEY (tenant_id, parent_id) REFERENCES accounts (tenant_id, id),
    CONSTRAINT ck_accounts_root CHECK ((kind = 'central') = (parent_id IS NULL))
);
CREATE UNIQUE INDEX uq_accounts_central ON accounts (tenant_id) WHERE kind = 'central';
CREATE INDEX ix_accounts_tenant_id_parent_id ON accounts (tenant_id, parent_id);
CREATE INDEX ix_accounts_tenant_id_name_id ON accounts (tenant_id, name, id);
SELECT protect_tenant_table('accounts');
CREATE TABLE node_positions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    node_id uuid NOT NULL,
    parent_id uuid,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT pk_node_positions PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_node_positions_tenant_id_node_id FOREIGN KEY (tenant_id, node_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_node_positions_tenant_id_parent_id FOREIGN KEY (tenant_id, parent_id) REFERENCES accounts (tenant_id, id),
    CONSTRAINT uq_node_positions_tenant_id_node_id_valid_from UNIQUE (tenant_id, node_id, valid_from),
    CONSTRAINT ck_node_positions_days CHECK (valid_to > valid_from)
);
CREATE INDEX ix_node_positions_tenant_id_parent_id ON node_positions (tenant_id, parent_id);
SELECT protect_tenant_table('node_positions');
"""

CONNECTIONS = """
CREATE TABLE connections (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    app_id text,
    original_id text NOT NULL,
    service_type text NOT NULL CONSTRAINT ck_connections_service_type CHECK (service_type IN ('subscription', 'service')),
    verified boolean NOT NULL,
    mode text NOT NULL CONSTRAINT ck_connections_mode CHECK (mode IN ('plain', 'compatible', 'safe')),
    connection text NOT NULL CONSTRAINT ck_connections_connection CHECK (connection IN ('none', 'direct', 'component')),
    app_secret bytea,
    token bytea,
    encoding_aes_key bytea,
    health jsonb NOT NULL,
    connected_at timestamptz,
    last_callback_at timestamptz,
    followers_synced_at timestamptz,
    CONSTRAINT pk_connections PRIMARY KEY (tenant_id, account_id),
    CONSTRAINT fk_connections_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_connections_connected CHECK (connection = 'none' OR app_id IS NOT NULL)
);
SELECT protect_tenant_table('connections');
"""

PLACES = """
CREATE TABLE channels (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    node_id uuid NOT NULL,
    name text NOT NULL,
    scene text NOT NULL,
    ticket text NOT NULL,
    url text NOT NULL,
    image_url text NOT NULL,
    error text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT pk_channels PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_channels_tenant_id_account_id_scene UNIQUE (tenant_id, account_id, scene),
    CONSTRAINT fk_channels_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_channels_tenant_id_node_id FOREIGN KEY (tenant_id, node_id) REFERENCES accounts (tenant_id, id)
);
CREATE INDEX ix_channels_tenant_id_node_id ON channels (tenant_id, node_id);
SELECT protect_tenant_table('channels');
CREATE TABLE stores (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    services text[] NOT NULL,
    address text NOT NULL,
    city text NOT NULL,
    district text NOT NULL,
    latitude double precision CONSTRAINT ck_stores_latitude CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision CONSTRAINT ck_stores_longitude CHECK (longitude BETWEEN -180 AND 180),
    phone text NOT NULL,
    opening_hours text NOT NULL,
    version integer NOT NULL,
    CONSTRAINT pk_stores PRIMARY KEY (tenant_id, id),
    CONSTRAINT fk_stores_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_stores_place CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX ix_stores_tenant_id_account_id ON stores (tenant_id, account_id);
SELECT protect_tenant_table('stores');
CREATE TABLE grants (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    membership_id uuid NOT NULL,
    account_id uuid NOT NULL,
    CONSTRAINT pk_grants PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_grants_tenant_id_membership_id_account_id UNIQUE (tenant_id, membership_id, account_id),
    CONSTRAINT fk_grants_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_grants_tenant_id_account_id ON grants (tenant_id, account_id);
SELECT protect_tenant_table('grants');
"""


def upgrade() -> None:
    """Creates the tables."""
    for part in (TREE, CONNECTIONS, PLACES):
        op.execute(part)


def downgrade() -> None:
    """Drops them."""
    op.execute("DROP TABLE grants, stores, channels, connections, node_positions, accounts")
