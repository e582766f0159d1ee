"""The database itself keeps tenants apart: asked of the migrated schema, so that nobody extends a list by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from saas.stack.bootstrap import Urls

DIRECTORY = {
    "account_directory", "agencies", "alembic_version", "api_tokens", "memberships", "tenants", "user_sessions", "users",
}  # fmt: skip
# A partition's rows come and go through its parent, which carries the policies.
TABLES = """
    SELECT c.oid, c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
           pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""


@pytest.fixture
def owner(urls: Urls) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(urls.owner, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture
def tenant_tables(owner: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    return [table for table in owner.execute(TABLES) if table["name"] not in DIRECTORY]


def test_every_tenant_table_is_protected_and_forced(tenant_tables: list[dict[str, Any]]) -> None:
    assert len(tenant_tables) > 15
    assert [t["name"] for t in tenant_tables if not (t["enabled"] and t["forced"])] == []
    assert {t["owner"] for t in tenant_tables} == {"owner"}


def test_every_policy_reads_and_writes_one_tenant(
    owner: psycopg.Connection[Any], tenant_tables: list[dict[str, Any]]
) -> None:
    rows = owner.execute("SELECT tablename, policyname, roles, qual, with_check FROM pg_policies").fetchall()
    for table in tenant_tables:
        mine = {row["policyname"]: row for row in rows if row["tablename"] == table["name"]}
        assert set(mine) == {"tenant", "platform"}, table["name"]
        assert mine["tenant"]["roles"] == ["app"]
        assert mine["tenant"]["qual"] == mine["tenant"]["with_check"] == "(tenant_id = app_tenant())"
        assert mine["platform"]["roles"] == ["platform"]


def test_partitions_are_not_open_to_the_application(owner: psycopg.Connection[Any]) -> None:
    query = """SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'
               AND (has_table_privilege('app', oid, 'SELECT') OR has_table_privilege('app', oid, 'INSERT'))"""
    assert owner.execute(query).fetchall() == []


def test_keys_carry_the_tenant(owner: psycopg.Connection[Any], tenant_tables: list[dict[str, Any]]) -> None:
    query = """SELECT i.indexrelid::regclass::text AS name, a.attname AS first
               FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
               WHERE i.indisunique AND i.indrelid = %s"""
    loose = [
        row for table in tenant_tables for row in owner.execute(query, [table["oid"]]) if row["first"] != "tenant_id"
    ]
    assert loose == []


def test_references_between_tenant_tables_carry_the_tenant(owner: psycopg.Connection[Any]) -> None:
    query = """SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
                      (SELECT attname FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = c.conkey[1]) AS first
               FROM pg_constraint c WHERE c.contype = 'f' AND NOT EXISTS (
                   SELECT FROM pg_inherits WHERE inhrelid = c.conrelid)"""
    rows = [row for row in owner.execute(query) if row["parent"] not in DIRECTORY and row["child"] not in DIRECTORY]
    assert rows
    assert [row for row in rows if row["first"] != "tenant_id"] == []


def test_the_roles_own_and_bypass_nothing(owner: psycopg.Connection[Any]) -> None:
    query = "SELECT rolname FROM pg_roles WHERE rolname IN ('app', 'platform', 'owner') AND (rolsuper OR rolbypassrls OR rolcreaterole)"
    assert owner.execute(query).fetchall() == []
    owned = "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) IN ('app', 'platform')"
    assert owner.execute(owned).fetchall() == []


def test_the_application_may_neither_truncate_nor_refer(
    owner: psycopg.Connection[Any], tenant_tables: list[dict[str, Any]]
) -> None:
    query = "SELECT has_table_privilege('app', %s::oid, 'TRUNCATE, REFERENCES, TRIGGER') AS may"
    assert [t["name"] for t in tenant_tables if owner.execute(query, [t["oid"]]).fetchone()["may"]] == []


def test_the_audit_can_only_grow(owner: psycopg.Connection[Any]) -> None:
    query = "SELECT has_table_privilege('app', 'audit_entries', 'UPDATE, DELETE') AS may"
    assert owner.execute(query).fetchone()["may"] is False


def test_no_view_and_no_definer_function_goes_round_the_wall(owner: psycopg.Connection[Any]) -> None:
    views = "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relkind IN ('v', 'm')"
    definers = "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public' AND prosecdef"
    assert owner.execute(views).fetchall() == []
    # Partitions belong to the owner; the functions make and drop them for the consumer and show no row.
    found = {row["proname"] for row in owner.execute(definers)}
    assert found == {"ensure_partitions", "drop_old_journal"}
