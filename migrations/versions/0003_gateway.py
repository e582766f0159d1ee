"""The gateway: journal, dedupe keys, answer versions, lanes, quarantine, access tokens, and partitions by month."""

from __future__ import annotations

from alembic import op

revision = "0003_gateway"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None

PARTITIONS = """
CREATE FUNCTION ensure_partitions(parent text, first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month date := date_trunc('month', first_day);
    part text;
    made integer := 0;
BEGIN
    -- Many may call at once: the second waits and finds the work done.
    PERFORM pg_advisory_xact_lock(hashtext('ensure_partitions'), hashtext(parent));
    IF NOT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(quote_ident(parent)) AND relkind = 'p') THEN
        RAISE EXCEPTION '% is not a partitioned table', parent;
    END IF;
    WHILE month <= last_day LOOP
        part := format('%s_%s', parent, to_char(month, 'YYYYMM'));
        IF to_regclass(quote_ident(part)) IS NULL THEN
            PERFORM make_partition(parent, part, month, (month + interval '1 month')::date);
            made := made + 1;
        END IF;
        month := month + interval '1 month';
    END LOOP;
    RETURN made;
END $$;
COMMENT ON FUNCTION ensure_partitions(text, date, date) IS
    'Makes the missing monthly partitions of a table; rows that had gone to the default partition move along.';
CREATE FUNCTION make_partition(parent text, part text, first_day date, next_day date) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
    EXECUTE format('WITH moved AS (DELETE FROM %I WHERE received_at >= %L AND received_at < %L RETURNING *) '
                   'INSERT INTO %I SELECT * FROM moved',
                   parent || '_default', first_day::timestamptz, next_day::timestamptz, part);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   parent, part, first_day::timestamptz, next_day::timestamptz);
END $$;
REVOKE EXECUTE ON FUNCTION ensure_partitions(text, date, date), make_partition(text, text, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_partitions(text, date, date) TO platform;
"""

JOURNAL = """
CREATE TABLE account_versions (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT pk_account_versions PRIMARY KEY (tenant_id, account_id)
);
SELECT protect_tenant_table('account_versions');
-- Hours and dates of rules go by the brand's zone. Whoever changes it, the directory knows nothing of answers.
CREATE FUNCTION outdate_answers() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE account_versions SET version = version + 1 WHERE tenant_id = NEW.id;
    RETURN NEW;
END $$;
CREATE TRIGGER outdate_answers AFTER UPDATE OF time_zone ON tenants FOR EACH ROW
    WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION outdate_answers();
CREATE TABLE dedupe_keys (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    key bytea NOT NULL,
    reply jsonb,
    journal_id bigint,
    received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_dedupe_keys PRIMARY KEY (tenant_id, account_id, key)
);
CREATE INDEX ix_dedupe_keys_received_at ON dedupe_keys USING brin (received_at);
SELECT protect_tenant_table('dedupe_keys');
GRANT SELECT (tenant_id, received_at), DELETE ON dedupe_keys TO platform;
CREATE SEQUENCE journal_id_seq;
GRANT USAGE ON SEQUENCE journal_id_seq TO app;
CREATE TABLE journal (
    tenant_id uuid NOT NULL,
    id bigint NOT NULL DEFAULT nextval('journal_id_seq'),
    received_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid NOT NULL,
    key bytea NOT NULL,
    raw bytea NOT NULL,
    answer jsonb NOT NULL,
    state text NOT NULL DEFAULT 'open',
    tries integer NOT NULL DEFAULT 0,
    error text NOT NULL DEFAULT '',
    CONSTRAINT pk_journal PRIMARY KEY (tenant_id, id, received_at),
    CONSTRAINT ck_journal_state CHECK (state IN ('open', 'done', 'quarantined'))
) PARTITION BY RANGE (received_at);
CREATE INDEX ix_journal_open ON journal (tenant_id, id) WHERE state = 'open';
CREATE TABLE journal_default PARTITION OF journal DEFAULT;
SELECT ensure_partitions('journal', current_date - 31, (current_date + interval '3 months')::date);
SELECT protect_tenant_table('journal');
GRANT SELECT (tenant_id, id, received_at, state) ON journal TO platform;
CREATE TABLE quarantine (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    key bytea NOT NULL,
    raw bytea NOT NULL,
    reason text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'open',
    CONSTRAINT pk_quarantine PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ix_quarantine_tenant_id_received_at ON quarantine (tenant_id, received_at);
SELECT protect_tenant_table('quarantine');
GRANT SELECT (tenant_id, received_at), DELETE ON quarantine TO platform;
CREATE TABLE lanes (
    tenant_id uuid NOT NULL,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    fence bigint NOT NULL DEFAULT 0,
    holder text NOT NULL DEFAULT '',
    CONSTRAINT pk_lanes PRIMARY KEY (tenant_id)
);
SELECT protect_tenant_table('lanes');
GRANT SELECT, INSERT, UPDATE ON lanes TO platform;
CREATE TABLE wechat_tokens (
    tenant_id uuid NOT NULL,
    account_id uuid NOT NULL,
    sealed bytea,
    expires_at timestamptz NOT NULL DEFAULT '-infinity',
    fence bigint NOT NULL DEFAULT 0,
    CONSTRAINT pk_wechat_tokens PRIMARY KEY (tenant_id, account_id)
);
SELECT protect_tenant_table('wechat_tokens');
"""

FUNCTIONS = """
CREATE FUNCTION journal_store(
    p_tenant uuid, p_account uuid, p_key bytea, p_raw bytea, p_answer jsonb, p_reply jsonb, p_version bigint
) RETURNS TABLE (first_reply jsonb, is_new boolean, is_stale boolean) LANGUAGE plpgsql AS $$
DECLARE
    entry bigint;
    holder bigint;
BEGIN
    PERFORM set_config('app.tenant_id', p_tenant::text, true);
    IF p_version <> coalesce(
        (SELECT v.version FROM account_versions v WHERE v.tenant_id = p_tenant AND v.account_id = p_account), 0
    ) THEN
        -- Decided with rules that have changed: only a duplicate may still have its first answer.
        SELECT d.reply INTO first_reply FROM dedupe_keys d
            WHERE d.tenant_id = p_tenant AND d.account_id = p_account AND d.key = p_key;
        is_new := NOT FOUND;
        is_stale := is_new;
        RETURN NEXT;
        RETURN;
    END IF;
    entry := nextval('journal_id_seq');
    -- DO NOTHING would return no row, and so lose the answer, for a duplicate of the same moment.
    INSERT INTO dedupe_keys AS d (tenant_id, account_id, key, reply, journal_id)
        VALUES (p_tenant, p_account, p_key, p_reply, entry)
        ON CONFLICT (tenant_id, account_id, key) DO UPDATE SET journal_id = d.journal_id
        RETURNING d.reply, d.journal_id INTO first_reply, holder;
    is_new := holder IS NOT DISTINCT FROM entry;
    is_stale := false;
    IF is_new THEN
        INSERT INTO journal (tenant_id, id, account_id, key, raw, answer)
            VALUES (p_tenant, entry, p_account, p_key, p_raw, p_answer);
    END IF;
    RETURN NEXT;
END $$;
CREATE FUNCTION quarantine_store(
    p_tenant uuid, p_account uuid, p_id uuid, p_key bytea, p_raw bytea, p_reason text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('app.tenant_id', p_tenant::text, true);
    INSERT INTO dedupe_keys (tenant_id, account_id, key) VALUES (p_tenant, p_account, p_key) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        INSERT INTO quarantine (tenant_id, id, account_id, key, raw, reason)
            VALUES (p_tenant, p_id, p_account, p_key, p_raw, p_reason);
        RETURN true;
    END IF;
    RETURN false;
END $$;
"""

RETENTION = """
CREATE FUNCTION drop_old_journal(first_kept date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '1s' AS $$
DECLARE
    part text;
    is_open boolean;
    dropped integer := 0;
BEGIN
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'journal'::regclass AND c.relname ~ '^journal_[0-9]{6}$'
          AND to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month' <= first_kept
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE state = ''open'')', part) INTO is_open;
        IF NOT is_open THEN
            EXECUTE format('DROP TABLE %I', part);
            dropped := dropped + 1;
        END IF;
    END LOOP;
    RETURN dropped;
END $$;
COMMENT ON FUNCTION drop_old_journal(date) IS
    'Drops the months of the journal that end before a day, unless a row in them is still open.';
REVOKE EXECUTE ON FUNCTION drop_old_journal(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_old_journal(date) TO platform;
"""

DROPS = """
DROP FUNCTION drop_old_journal(date);
DROP FUNCTION quarantine_store(uuid, uuid, uuid, bytea, bytea, text);
DROP FUNCTION journal_store(uuid, uuid, bytea, bytea, jsonb, jsonb, bigint);
DROP TRIGGER outdate_answers ON tenants;
DROP FUNCTION outdate_answers();
DROP TABLE wechat_tokens, lanes, quarantine, journal, dedupe_keys, account_versions;
DROP SEQUENCE journal_id_seq;
DROP FUNCTION ensure_partitions(text, date, date);
DROP FUNCTION make_partition(text, text, date, date);
"""


def upgrade() -> None:
    """Creates the tables, and the functions that store one callback in one statement."""
    for part in (PARTITIONS, JOURNAL, FUNCTIONS, RETENTION):
        op.execute(part)


def downgrade() -> None:
    """Drops them all."""
    op.execute(DROPS)
