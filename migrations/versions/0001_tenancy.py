"""The directory, the audit, idempotency keys, jobs, and the helpers of row-level security."""

from __future__ import annotations

from alembic import op

revision = "0001_tenancy"
down_revision = None
branch_labels = None
depends_on = None

DIRECTORY = """
CREATE TABLE agencies (
    id uuid CONSTRAINT pk_agencies PRIMARY KEY,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE tenants (
    id uuid CONSTRAINT pk_tenants PRIMARY KEY,
    agency_id uuid NOT NULL CONSTRAINT fk_tenants_agency_id REFERENCES agencies,
    name text NOT NULL,
    time_zone text NOT NULL,
    accent text NOT NULL,
    erase_after_days integer NOT NULL CONSTRAINT ck_tenants_erase_after_days CHECK (erase_after_days BETWEEN 0 AND 30),
    erase_reason text NOT NULL,
    wrapped_key bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT ck_tenants_erase_reason CHECK (erase_after_days = 0 OR erase_reason <> '')
);
CREATE INDEX ix_tenants_agency_id ON tenants (agency_id);
CREATE TABLE users (
    id uuid CONSTRAINT pk_users PRIMARY KEY,
    email text CONSTRAINT uq_users_email UNIQUE,
    mobile text CONSTRAINT uq_users_mobile UNIQUE,
    name text NOT NULL,
    password_hash text NOT NULL,
    language text NOT NULL,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL,
    CONSTRAINT ck_users_login CHECK (email IS NOT NULL OR mobile IS NOT NULL)
);
CREATE TABLE user_sessions (
    id uuid CONSTRAINT pk_user_sessions PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_user_sessions_user_id REFERENCES users ON DELETE CASCADE,
    token_hash bytea NOT NULL CONSTRAINT uq_user_sessions_token_hash UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    address text NOT NULL,
    device text NOT NULL
);
CREATE INDEX ix_user_sessions_user_id ON user_sessions (user_id);
CREATE TABLE memberships (
    id uuid CONSTRAINT pk_memberships PRIMARY KEY,
    user_id uuid CONSTRAINT fk_memberships_user_id REFERENCES users ON DELETE CASCADE,
    agency_id uuid CONSTRAINT fk_memberships_agency_id REFERENCES agencies,
    tenant_id uuid CONSTRAINT fk_memberships_tenant_id REFERENCES tenants,
    role text NOT NULL,
    invited_name text NOT NULL,
    invitation_hash bytea CONSTRAINT uq_memberships_invitation_hash UNIQUE,
    invitation_expires_at timestamptz,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL
);
CREATE UNIQUE INDEX ix_memberships_holder ON memberships (user_id, coalesce(tenant_id, agency_id), role) WHERE user_id IS NOT NULL;
CREATE INDEX ix_memberships_tenant_id ON memberships (tenant_id);
CREATE TABLE api_tokens (
    id uuid CONSTRAINT pk_api_tokens PRIMARY KEY,
    membership_id uuid NOT NULL CONSTRAINT fk_api_tokens_membership_id REFERENCES memberships ON DELETE CASCADE,
    name text NOT NULL,
    token_hash bytea NOT NULL CONSTRAINT uq_api_tokens_token_hash UNIQUE,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX ix_api_tokens_membership_id ON api_tokens (membership_id);
CREATE TABLE account_directory (
    app_id text CONSTRAINT pk_account_directory PRIMARY KEY,
    tenant_id uuid NOT NULL CONSTRAINT fk_account_directory_tenant_id REFERENCES tenants,
    account_id uuid NOT NULL
);
CREATE INDEX ix_account_directory_tenant_id ON account_directory (tenant_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON
    agencies, tenants, users, user_sessions, memberships, api_tokens, account_directory TO app;
GRANT SELECT ON tenants, agencies, account_directory TO platform;
"""

PROTECTION = """
CREATE FUNCTION app_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.tenant_id', true), '')::uuid;
COMMENT ON FUNCTION app_tenant() IS 'The tenant of this transaction; NULL, so no rows, when none was set.';
CREATE FUNCTION protect_tenant_table(tenant_table regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %s TO app USING (tenant_id = app_tenant()) '
                   'WITH CHECK (tenant_id = app_tenant())', tenant_table);
    EXECUTE format('CREATE POLICY platform ON %s TO platform USING (true) WITH CHECK (true)', tenant_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO app', tenant_table);
END $$;
REVOKE EXECUTE ON FUNCTION protect_tenant_table(regclass) FROM PUBLIC;
"""

TENANT_TABLES = """
CREATE TABLE audit_entries (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    user_id uuid,
    user_name text NOT NULL,
    role text NOT NULL,
    action text NOT NULL,
    path_ids jsonb NOT NULL,
    changes jsonb NOT NULL,
    request_id text NOT NULL,
    address text NOT NULL,
    CONSTRAINT pk_audit_entries PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_audit_entries_tenant_id_at ON audit_entries (tenant_id, at);
SELECT protect_tenant_table('audit_entries');
REVOKE UPDATE, DELETE ON audit_entries FROM app;
CREATE TABLE idempotency_keys (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    principal text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    body bytea NOT NULL,
    content_type text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_idempotency_keys_tenant_id_principal_key UNIQUE (tenant_id, principal, key)
);
SELECT protect_tenant_table('idempotency_keys');
CREATE TABLE jobs (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    arguments jsonb NOT NULL,
    slot text,
    state text NOT NULL DEFAULT 'planned',
    due_at timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz,
    fence integer NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,
    done integer NOT NULL DEFAULT 0,
    total integer,
    stop_requested boolean NOT NULL DEFAULT false,
    error text NOT NULL DEFAULT '',
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CONSTRAINT pk_jobs PRIMARY KEY (tenant_id, id),
    CONSTRAINT uq_jobs_tenant_id_name_slot UNIQUE (tenant_id, name, slot)
);
CREATE INDEX ix_jobs_open ON jobs (due_at) WHERE state IN ('planned', 'running');
SELECT protect_tenant_table('jobs');
GRANT SELECT, INSERT, UPDATE ON jobs TO platform;
"""

DROPS = """
DROP TABLE jobs, idempotency_keys, audit_entries, account_directory, api_tokens, memberships, user_sessions, users, tenants, agencies;
DROP FUNCTION protect_tenant_table(regclass);
DROP FUNCTION app_tenant();
"""


def upgrade() -> None:
    """Creates the directory, the helpers and the platform's tenant tables."""
    for part in (DIRECTORY, PROTECTION, TENANT_TABLES):
        op.execute(part)


def downgrade() -> None:
    """Drops them all."""
    op.execute(DROPS)
