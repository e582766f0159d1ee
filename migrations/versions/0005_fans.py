"""The tables of fans, their tags and their messages."""

from __future__ import annotations

from alembic import op

revision = "0005_fans"
down_revision = "0004_library"
branch_labels = None
depends_on = None

FANS = """
CREATE TABLE fans (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    openid text,
    unionid text,
    subscribed boolean NOT NULL
        GENERATED ALWAYS AS (coalesce(subscribed_at >= unsubscribed_at, unsubscribed_at IS NULL)) STORED,
    subscribed_at timestamptz,
    unsubscribed_at timestamptz,
    state_at timestamptz GENERATED ALWAYS AS (greatest(subscribed_at, unsubscribed_at)) STORED,
    source text NOT NULL,
    scene text,
    channel_id uuid,
    node_id uuid NOT NULL,
    remark text NOT NULL,
    last_active_at timestamptz,
    alias uuid,
    counted boolean NOT NULL,
    synced_at timestamptz,
    erase_asked_at timestamptz,
    erase_due_at timestamptz,
    erased_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT pk_fans PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_fans_tenant_id_account_id_openid UNIQUE (tenant_id, account_id, openid),
    CONSTRAINT fk_fans_tenant_id_account_id FOREIGN KEY (tenant_id, account_id) REFERENCES accounts (tenant_id, id),
    CONSTRAINT fk_fans_tenant_id_node_id FOREIGN KEY (tenant_id, node_id) REFERENCES accounts (tenant_id, id),
    CONSTRAINT fk_fans_tenant_id_channel_id FOREIGN KEY (tenant_id, channel_id)
        REFERENCES channels (tenant_id, id) ON DELETE SET NULL (channel_id),
    CONSTRAINT ck_fans_erased CHECK (erased_at IS NULL OR coalesce(openid, unionid) IS NULL)
);
CREATE INDEX ix_fans_tenant_id_account_id_id ON fans (tenant_id, account_id, id);
CREATE INDEX ix_fans_tenant_id_node_id_id ON fans (tenant_id, node_id, id);
CREATE INDEX ix_fans_tenant_id_openid ON fans (tenant_id, openid);
CREATE INDEX ix_fans_remarked ON fans (tenant_id, id) WHERE remark <> '';
CREATE INDEX ix_fans_erase_due ON fans (tenant_id, erase_due_at) WHERE erased_at IS NULL;
SELECT protect_tenant_table('fans');
CREATE TABLE tags (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_tags PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_tags_tenant_id_account_id_name UNIQUE (tenant_id, account_id, name),
    CONSTRAINT fk_tags_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
SELECT protect_tenant_table('tags');
CREATE TABLE fan_tags (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    fan_id uuid NOT NULL,
    tag_id uuid NOT NULL,
    CONSTRAINT pk_fan_tags PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_fan_tags_tenant_id_fan_id_tag_id UNIQUE (tenant_id, fan_id, tag_id),
    CONSTRAINT fk_fan_tags_tenant_id_fan_id FOREIGN KEY (tenant_id, fan_id)
        REFERENCES fans (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_fan_tags_tenant_id_tag_id FOREIGN KEY (tenant_id, tag_id)
        REFERENCES tags (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_fan_tags_tenant_id_tag_id ON fan_tags (tenant_id, tag_id);
SELECT protect_tenant_table('fan_tags');
"""

MESSAGES = """
CREATE TABLE messages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    received_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    account_id uuid NOT NULL,
    fan_id uuid NOT NULL,
    node_id uuid NOT NULL,
    direction text NOT NULL,
    author text NOT NULL,
    type text NOT NULL,
    content text NOT NULL,
    extra jsonb NOT NULL,
    search text[] NOT NULL,
    answered boolean,
    origin text,
    rule_id text,
    journal_id bigint,
    CONSTRAINT pk_messages PRIMARY KEY (tenant_id, id, received_at),
    CONSTRAINT ck_messages_direction CHECK (direction IN ('in', 'out')),
    CONSTRAINT ck_messages_author CHECK (author IN ('fan', 'robot', 'agent'))
) PARTITION BY RANGE (received_at);
CREATE INDEX ix_messages_time ON messages (tenant_id, created_at, id);
CREATE INDEX ix_messages_account ON messages (tenant_id, account_id, created_at, id);
CREATE INDEX ix_messages_node ON messages (tenant_id, node_id, created_at, id) WHERE node_id <> account_id;
CREATE INDEX ix_messages_fan ON messages (tenant_id, fan_id, created_at, id);
CREATE INDEX ix_messages_search ON messages USING gin (search);
CREATE TABLE messages_default PARTITION OF messages DEFAULT;
SELECT ensure_partitions('messages', current_date - 31, (current_date + interval '3 months')::date);
SELECT protect_tenant_table('messages');
"""


def upgrade() -> None:
    """Creates the tables."""
    op.execute(FANS)
    op.execute(MESSAGES)


def downgrade() -> None:
    """Drops them."""
    op.execute("DROP TABLE messages, fan_tags, tags, fans")
