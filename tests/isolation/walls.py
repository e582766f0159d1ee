"""What must hold of the schema and of a scope, as lists of offences: used by the tests and, broken on purpose, by the mutants."""

from __future__ import annotations

from typing import Any

import psycopg
from flask import Flask
from psycopg.rows import dict_row
from sqlalchemy import text
from sqlalchemy.orm import Session

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from tests.factories.accounts import make_account
from tests.factories.people import make_tenant
from tests.factories.rules import make_rule

DIRECTORY = {
    "account_directory", "agencies", "alembic_version", "api_tokens", "memberships", "tenants", "user_sessions", "users",
}  # fmt: skip
# A partition's rows come and go through its parent, which carries the policies.
TABLES = """
    SELECT c.oid, c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
           pg_get_userbyid(c.relowner) AS owner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname
"""
FIRST_OF_UNIQUE = """
    SELECT i.indexrelid::regclass::text AS name, a.attname AS first
    FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indisunique AND i.indrelid = %s
"""
REFERENCES = """
    SELECT c.conname AS name, c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
           (SELECT attname FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = c.conkey[1]) AS first
    FROM pg_constraint c WHERE c.contype = 'f' AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.conrelid)
"""
TENANT_ONLY = "(tenant_id = app_tenant())"


def schema_offences(url: str) -> list[str]:
    """Where the schema would let one tenant at another's rows."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        tables = [table for table in connection.execute(TABLES) if table["name"] not in DIRECTORY]
        found = [offence for table in tables for offence in _table_offences(connection, table)]
        return found + _reference_offences(connection)


def _table_offences(connection: psycopg.Connection[Any], table: dict[str, Any]) -> list[str]:
    name = table["name"]
    found = [] if table["enabled"] and table["forced"] else [f"{name}: row-level security is not forced"]
    found += [] if table["owner"] == "owner" else [f"{name}: owned by {table['owner']}"]
    rows = connection.execute("SELECT * FROM pg_policies WHERE tablename = %s", [name]).fetchall()
    policies = {row["policyname"]: row for row in rows}
    found += [] if set(policies) == {"tenant", "platform"} else [f"{name}: policies {sorted(policies)}"]
    mine = policies.get("tenant")
    if mine is None or mine["roles"] != ["app"] or not mine["qual"] == mine["with_check"] == TENANT_ONLY:
        found.append(f"{name}: the policy of the application is not the tenant's")
    unique = connection.execute(FIRST_OF_UNIQUE, [table["oid"]])
    return found + [
        f"{row['name']}: a key that doesn't begin with the tenant" for row in unique if row["first"] != "tenant_id"
    ]


def _reference_offences(connection: psycopg.Connection[Any]) -> list[str]:
    rows = connection.execute(REFERENCES).fetchall()
    inner = [row for row in rows if row["parent"] not in DIRECTORY and row["child"] not in DIRECTORY]
    return [f"{row['name']}: a reference without the tenant" for row in inner if row["first"] != "tenant_id"]


def leaks(app: Flask) -> list[str]:
    """What one brand can see or touch of another when every service forgets to ask."""
    owner, stranger = make_tenant(), make_tenant()
    with enter(system_scope(owner)):
        rule = make_rule(make_account().id)
    found = []
    with enter(system_scope(stranger)):
        if db.session.scalar(text("SELECT count(*) FROM rules WHERE id = :id"), {"id": rule.id}):
            found.append("another brand's rule can be read")
        if db.session.execute(text("UPDATE rules SET name = 'x' WHERE id = :id"), {"id": rule.id}).rowcount:  # type: ignore[attr-defined]
            found.append("another brand's rule can be changed")
    with Session(db.engine) as bare:
        if bare.scalar(text("SELECT count(*) FROM rules")):
            found.append("a connection without a scope sees rows")
    return found
