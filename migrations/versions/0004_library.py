"""The library: files of a brand and their copies at WeChat."""

from __future__ import annotations

from alembic import op

revision = "0004_library"
down_revision = "0003_gateway"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE media (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    content_type text NOT NULL,
    size integer NOT NULL,
    file_key text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT pk_media PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_media_tenant_id_kind_id ON media (tenant_id, kind, id);
SELECT protect_tenant_table('media');
CREATE TABLE media_uploads (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    media_id uuid NOT NULL,
    wechat_id text,
    expires_at timestamptz,
    CONSTRAINT pk_media_uploads PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_media_uploads_tenant_id_account_id_media_id UNIQUE (tenant_id, account_id, media_id),
    CONSTRAINT fk_media_uploads_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_media_uploads_tenant_id_media_id FOREIGN KEY (tenant_id, media_id)
        REFERENCES media (tenant_id, id) ON DELETE CASCADE
);
SELECT protect_tenant_table('media_uploads');
CREATE TABLE template_lists (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    items jsonb NOT NULL,
    asked_at timestamptz NOT NULL,
    heard_at timestamptz,
    read_at timestamptz,
    errcode integer,
    CONSTRAINT pk_template_lists PRIMARY KEY (tenant_id, account_id),
    CONSTRAINT fk_template_lists_tenant_id_account_id FOREIGN KEY (tenant_id, account_id)
        REFERENCES accounts (tenant_id, id) ON DELETE CASCADE
);
SELECT protect_tenant_table('template_lists');
"""


def upgrade() -> None:
    """Creates the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drops them."""
    op.execute("DROP TABLE template_lists, media_uploads, media")
