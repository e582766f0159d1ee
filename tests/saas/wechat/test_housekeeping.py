"""Months made ahead and dropped in time; keys and quarantine kept as long as promised."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import text

from saas.db import db, new_id
from saas.tenancy.scope import enter_directory
from saas.wechat import consume, housekeeping
from saas.wechat.housekeeping import keep_house
from saas.wechat.journal import Entry
from tests.factories.processes import wait_for

PARTS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"


@pytest.fixture
def owner(urls):
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        yield connection


@pytest.fixture
def keep(app):
    """Keeps house, as the consumer does."""
    return lambda: keep_house(db.engines["platform"])


@pytest.fixture
def held(urls):
    """Holds a table in a session of its own, as pg_dump or a change of the schema does."""

    @contextmanager
    def hold(table, mode="ACCESS SHARE"):
        with psycopg.connect(urls.owner) as other:
            other.execute(f"LOCK TABLE {table} IN {mode} MODE")
            yield

    return hold


def entry_of(tenant, key):
    answer = {"reply": None, "origin": None, "effects": []}
    return Entry(tenant_id=tenant.id, account_id=new_id(), key=key, raw=b"", answer=answer, reply=None, version=0)


def parts(owner, table="journal"):
    return {row[0] for row in owner.execute(PARTS, [table])}


def coming_month(owner, table):
    """The last month that is made ahead, by its name."""
    name = "SELECT %s || '_' || to_char(current_date + interval '3 months', 'YYYYMM')"
    return owner.execute(name, [table]).fetchone()[0]


def store_old_key(app, tenant):
    app.extensions["journal"].store(entry_of(tenant, b"old"))
    db.session.execute(text("UPDATE dedupe_keys SET received_at = now() - interval '31 days'"))
    db.session.commit()


def count_keys():
    return db.session.scalar(text("SELECT count(*) FROM dedupe_keys"))


def test_three_months_are_ready(owner, keep):
    keep()
    months = owner.execute(
        "SELECT 'journal_' || to_char(m, 'YYYYMM') FROM generate_series(now(), now() + interval '3 months', '1 month') m"
    )
    assert {row[0] for row in months} <= parts(owner)


def test_strays_move_to_their_month(owner, keep, tenant, scope, app):
    app.extensions["journal"].store(entry_of(tenant, b"stray"))
    moved = "UPDATE journal SET received_at = now() + interval '7 months' WHERE key = 'stray' AND tenant_id = %s"
    owner.execute("ALTER TABLE journal NO FORCE ROW LEVEL SECURITY")
    owner.execute(moved, [tenant.id])
    owner.execute(
        "SELECT ensure_partitions('journal', (now() + interval '7 months')::date, (now() + interval '7 months')::date)"
    )
    where = owner.execute("SELECT tableoid::regclass::text FROM journal WHERE tenant_id = %s", [tenant.id]).fetchone()[
        0
    ]
    owner.execute("ALTER TABLE journal FORCE ROW LEVEL SECURITY")
    assert where.startswith("journal_2")


def test_a_finished_old_month_is_dropped_and_an_open_one_kept(owner, keep):
    for month in ("2020-01-01", "2020-02-01"):
        owner.execute("SELECT ensure_partitions('journal', %s::date, %s::date)", [month, month])
    owner.execute(
        "INSERT INTO journal_202002 (tenant_id, id, account_id, key, raw, answer, received_at) "
        "VALUES (gen_random_uuid(), 0, gen_random_uuid(), '', '', '{}', '2020-02-02')"
    )
    keep()
    assert "journal_202001" not in parts(owner)
    assert "journal_202002" in parts(owner)
    owner.execute("UPDATE journal_202002 SET state = 'done'")
    keep()
    assert "journal_202002" not in parts(owner)


def test_keys_are_kept_thirty_days(keep, tenant, scope, app):
    for key in (b"old", b"young"):
        app.extensions["journal"].store(entry_of(tenant, key))
    aged = text("UPDATE dedupe_keys SET received_at = now() - interval '31 days' WHERE key = 'old'")
    db.session.execute(aged)
    db.session.commit()
    keep()
    assert [bytes(key) for key in db.session.scalars(text("SELECT key FROM dedupe_keys"))] == [b"young"]


def test_only_partitioned_tables_get_partitions(owner):
    with pytest.raises(psycopg.errors.RaiseException):
        owner.execute("SELECT ensure_partitions('lanes', current_date, current_date)")


def test_the_way_to_a_scan_is_kept_thirty_days(keep, tenant):
    made = text(
        "INSERT INTO pre_auth_codes (tenant_id, id, code_hash, state_hash, brand_id, account_id, expires_at) "
        "VALUES (app_tenant(), :id, :hash, :hash, :brand, :id, now() - make_interval(days => :days))"
    )
    left = text("SELECT count(*) FROM pre_auth_codes WHERE brand_id = :brand")
    with enter_directory():
        for days in (29, 31):
            db.session.execute(made, {"id": new_id(), "hash": new_id().bytes, "brand": tenant.id, "days": days})
        db.session.commit()
        keep()
        assert db.session.scalar(left, {"brand": tenant.id}) == 1


def test_a_month_that_can_not_be_dropped_now_stops_no_callback(owner, held, send, business, consumer, keep, capsys):
    owner.execute("SELECT ensure_partitions('journal', '2020-03-01', '2020-03-01')")
    stop = threading.Event()
    business.observers.append(lambda _batch: stop.set() or [])
    send("a")
    with held("journal"):
        consume.run_forever(stop)
    assert [inbound.content for inbound in business.seen] == ["a"]
    assert "journal_202003" in parts(owner)
    assert '"step": "old_months"' in capsys.readouterr().out
    keep()
    assert "journal_202003" not in parts(owner)


def test_rows_are_consumed_while_a_step_waits(owner, send, business, consumer, monkeypatch):
    stop, waiting = threading.Event(), []
    asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'call_counts'::regclass"

    def observe(_batch):
        wait_for(lambda: owner.execute(asked).fetchone() != (0,), "housekeeping waits")
        waiting.append(True)
        owner.execute("ROLLBACK")
        stop.set()
        return []

    monkeypatch.setattr(housekeeping, "PATIENCE", text("SET LOCAL lock_timeout = '30s'"))
    business.observers.append(observe)
    send("a")
    owner.execute("BEGIN")
    owner.execute("LOCK TABLE call_counts IN ACCESS EXCLUSIVE MODE")
    consume.run_forever(stop)
    assert waiting == [True]


def test_a_table_whose_months_must_wait_holds_up_neither_others_nor_what_comes_after(
    owner, held, keep, app, tenant, scope
):
    months = {table: coming_month(owner, table) for table in ("journal", "messages")}
    for month in months.values():
        owner.execute(f"DROP TABLE {month}")
    store_old_key(app, tenant)
    with held("journal"):
        keep()
    assert months["journal"] not in parts(owner)
    assert months["messages"] in parts(owner, "messages")
    assert count_keys() == 0
    keep()
    assert months["journal"] in parts(owner)


def test_a_step_that_must_wait_is_left_for_the_next_hour(held, keep, app, tenant, scope):
    store_old_key(app, tenant)
    with held("quarantine", "ACCESS EXCLUSIVE"):
        keep()
    assert count_keys() == 0


@pytest.mark.parametrize(
    "call",
    ["SELECT ensure_partitions('journal', '2020-05-01', '2020-05-01')", "SELECT drop_old_journal('2020-05-01')"],
)
def test_callbacks_wait_less_than_a_second_behind_it(owner, held, call):
    owner.execute("SELECT ensure_partitions('journal', '2020-04-01', '2020-04-01')")
    with held("journal"), pytest.raises(psycopg.errors.LockNotAvailable):
        owner.execute(call)
    asked = "SELECT substr(said, 14)::interval < '1s' FROM pg_proc, unnest(proconfig) said WHERE said LIKE 'lock_timeout=%%'"
    assert owner.execute(f"{asked} AND proname = %s", [call[7 : call.index("(")]]).fetchall() == [(True,)]
