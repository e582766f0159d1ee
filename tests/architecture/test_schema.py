"""The database itself keeps tenants apart: asked of the migrated schema, so that nobody extends a list by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from psycopg.rows import dict_row

from saas.stack.bootstrap import Urls
from tests.isolation.walls import DIRECTORY, TABLES, leaks, schema_offences


@pytest.fixture
def owner(urls: Urls) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(urls.owner, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture
def tenant_tables(owner: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    return [table for table in owner.execute(TABLES) if table["name"] not in DIRECTORY]


def test_every_tenant_table_is_walled(urls: Urls, tenant_tables: list[dict[str, Any]]) -> None:
    assert len(tenant_tables) > 15
    assert schema_offences(urls.owner) == []


def test_nothing_leaks_past_a_forgetful_service(app: Flask) -> None:
    assert leaks(app) == []


def test_partitions_are_not_open_to_the_application(owner: psycopg.Connection[Any]) -> None:
    query = """SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'
               AND (has_table_privilege('app', oid, 'SELECT') OR has_table_privilege('app', oid, 'INSERT'))"""
    assert owner.execute(query).fetchall() == []


def test_the_roles_own_and_bypass_nothing(owner: psycopg.Connection[Any]) -> None:
    powerful = "SELECT rolname FROM pg_roles WHERE rolname IN ('app', 'platform', 'owner') AND (rolsuper OR rolbypassrls OR rolcreaterole)"
    owned = "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) IN ('app', 'platform')"
    assert owner.execute(powerful).fetchall() == []
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
    definers = (
        "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public' AND prosecdef"
    )
    assert owner.execute(views).fetchall() == []
    # Partitions belong to the owner; these make and drop whole months for the scheduler, who alone may call them.
    allowed = {"ensure_partitions", "drop_old_journal"}
    assert {row["proname"] for row in owner.execute(definers)} == allowed
    callers = "SELECT has_function_privilege('app', p.oid, 'EXECUTE') AS may FROM pg_proc p WHERE proname = ANY(%s)"
    assert not any(row["may"] for row in owner.execute(callers, [list(allowed)]))
