"""Looking for a word in every column of every table of the database, as nobody but its administrator can."""

from __future__ import annotations

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from saas.stack.temporary import TemporaryStack

_COLUMNS = """
    SELECT c.relname, a.attname, t.typname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        AND t.typname IN ('text', '_text', 'varchar', 'json', 'jsonb', 'bytea')
"""


def places_of(stack: TemporaryStack, mark: str) -> list[str]:
    """`table.column` wherever the mark stands in clear; partitions by their own names."""
    with psycopg.connect(make_conninfo(stack.admin_url, dbname="tests")) as connection:
        columns = connection.execute(_COLUMNS).fetchall()
        return sorted(
            f"{table}.{column}" for table, column, kind in columns if _holds(connection, (table, column), mark, kind)
        )


def _holds(connection: psycopg.Connection, place: tuple[str, str], mark: str, kind: str) -> bool:
    needle = "convert_to(%s, 'UTF8') IN {}" if kind == "bytea" else "%s::text IN {}::text"
    query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE position(" + needle + ") > 0)")
    table, column = (sql.Identifier(name) for name in place)
    found = connection.execute(query.format(table, column), [mark]).fetchone()
    return bool(found and found[0])
