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
    urgent boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_journal PRIMARY KEY (tenant_id, id, received_at),
    CONSTRAINT ck_journal_state CHECK (state IN ('open', 'done', 'quarantined'))
) PARTITION BY RANGE (received_at);
CREATE INDEX ix_journal_open ON journal (tenant_id, id) WHERE state = 'open';
CREATE INDEX ix_journal_urgent ON journal (tenant_id, id) WHERE state = 'open' AND urgent;
CREATE TABLE journal_default PARTITION OF journal DEFAULT;
SELECT ensure_partitions('journal', current_date - 31, (current_date + interval '3 months')::date);
SELECT protect_tenant_table('journal');
GRANT SELECT (tenant_id, id, received_at, state, urgent) ON journal TO platform;
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
    p_tenants uuid[], p_accounts uuid[], p_keys bytea[], p_raws bytea[], p_answers text[], p_replies text[],
    p_versions bigint[], p_arrivals timestamptz[]
) RETURNS TABLE (place integer, first_reply jsonb, is_stale boolean) LANGUAGE plpgsql AS $$
DECLARE
    owner uuid;
BEGIN
    -- Tenants, and keys below them, always in the same order: two calls with common keys must not wait for each other.
    FOR owner IN SELECT DISTINCT t.id FROM unnest(p_tenants) AS t (id) ORDER BY t.id LOOP
        PERFORM set_config('app.tenant_id', owner::text, true);
        RETURN QUERY
        WITH given AS (
            SELECT g.* FROM unnest(p_tenants, p_accounts, p_keys, p_raws, p_answers, p_replies, p_versions, p_arrivals)
                WITH ORDINALITY AS g (tenant_id, account_id, key, raw, answer, reply, version, received_at, place)
            WHERE g.tenant_id = owner ORDER BY g.place
        ), judged AS MATERIALIZED (
            -- Without a version the answer was given already: it is stored whatever the rules say by now.
            SELECT g.*, g.answer::jsonb AS decided, nextval('journal_id_seq') AS entry, coalesce(g.version <> coalesce(v.version, 0), false) AS is_stale
            FROM given g LEFT JOIN account_versions v ON v.tenant_id = owner AND v.account_id = g.account_id
        ), kept AS (
            -- DO NOTHING would return no row, and so lose the answer, for a duplicate of the same moment.
            INSERT INTO dedupe_keys AS d (tenant_id, account_id, key, reply, journal_id)
            SELECT owner, j.account_id, j.key, j.reply::jsonb, j.entry FROM judged j
            WHERE NOT j.is_stale ORDER BY j.account_id, j.key
            ON CONFLICT (tenant_id, account_id, key) DO UPDATE SET journal_id = d.journal_id
            RETURNING d.account_id, d.key, d.reply, d.journal_id
        ), written AS (
            -- Whoever asks for a person does not wait behind a million who don't.
            INSERT INTO journal (tenant_id, id, account_id, key, raw, answer, received_at, urgent)
            SELECT owner, j.entry, j.account_id, j.key, j.raw, j.decided, coalesce(j.received_at, now()),
                coalesce(j.decided -> 'effects' <> '[]', false)
            FROM judged j JOIN kept k ON k.account_id = j.account_id AND k.key = j.key AND k.journal_id = j.entry
        )
        SELECT j.place::integer, CASE WHEN j.is_stale THEN d.reply ELSE k.reply END, j.is_stale AND d.key IS NULL
        FROM judged j LEFT JOIN kept k ON k.account_id = j.account_id AND k.key = j.key
        -- Decided with rules that have changed: only a duplicate may still have its first answer.
        LEFT JOIN dedupe_keys d ON j.is_stale AND d.tenant_id = owner AND d.account_id = j.account_id AND d.key = j.key
        WHERE j.is_stale OR k.journal_id IS DISTINCT FROM j.entry;
    END LOOP;
END $$;
COMMENT ON FUNCTION journal_store(uuid[], uuid[], bytea[], bytea[], text[], text[], bigint[], timestamptz[]) IS
    'Stores callbacks with their answers; returns a row for each that was known before or is stale, none for a new one. '
    'A key must not stand in the arrays twice.';
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
DROP FUNCTION journal_store(uuid[], uuid[], bytea[], bytea[], text[], text[], bigint[], timestamptz[]);
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
