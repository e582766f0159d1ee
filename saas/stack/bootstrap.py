"""The three database roles and the database itself. May run again at any time, and on several machines at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from saas.stack.errors import StackError
from saas.stack.keys import Keys

ROLES = ("app", "owner", "platform")
ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
# Roles belong to the whole cluster: two bootstraps at once would update the same catalogue row.
LOCK = 7_201_603


@dataclass(frozen=True)
class Urls:
    """The addresses of one database for its three roles."""

    app: str
    owner: str
    platform: str


def bootstrap(admin_url: str, database: str, *, keys: Keys, template: str = "") -> Urls:
    """Makes roles, database and grants where missing. Raises StackError when a role is somebody else's."""
    with _locked(admin_url) as admin:
        secrets = {role: _ensure_role(admin, role, keys) for role in ROLES}
        _ensure_database(admin, database, template)
    with psycopg.connect(_with(admin_url, dbname=database), autocommit=True) as connection:
        _grant(connection, database)
        _let_search_use_its_index(connection)
    return Urls(**{role: _address(admin_url, database, role, secret) for role, secret in secrets.items()})


def may_bootstrap(url: str) -> bool:
    """Whether this address is that of an administrator: one who may make roles and databases."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT rolsuper OR (rolcreaterole AND rolcreatedb) FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    return bool(row and row[0])


@contextmanager
def _locked(admin_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield connection


def _ensure_role(admin: psycopg.Connection, role: str, keys: Keys) -> str:
    known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    name = f"role.{role}"
    if known and keys.get(name) is None:
        raise StackError(
            f"The database role {role} exists already and its password is not known here: set DATABASE_URL, "
            "DATABASE_OWNER_URL and DATABASE_PLATFORM_URL, or drop the role and start again."
        )
    secret = keys.ensure(name)
    verb = sql.SQL("ALTER" if known else "CREATE")
    statement = sql.SQL("{verb} ROLE {role} WITH {attributes} PASSWORD {secret}")
    admin.execute(
        statement.format(
            verb=verb, role=sql.Identifier(role), attributes=sql.SQL(ATTRIBUTES), secret=sql.Literal(secret)
        )
    )
    return secret


def _ensure_database(admin: psycopg.Connection, database: str, template: str) -> None:
    # An administrator who is no superuser may give things only to a role that it belongs to.
    admin.execute(
        "DO $$ BEGIN IF NOT pg_has_role(current_user, 'owner', 'MEMBER') THEN GRANT owner TO CURRENT_USER; END IF; END $$"
    )
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        return
    statement = sql.SQL("CREATE DATABASE {database} OWNER owner TEMPLATE {template}")
    admin.execute(statement.format(database=sql.Identifier(database), template=sql.Identifier(template or "template1")))


def _grant(connection: psycopg.Connection, database: str) -> None:
    name = sql.Identifier(database)
    for statement in (
        "ALTER DATABASE {name} OWNER TO owner",
        "ALTER SCHEMA public OWNER TO owner",
        "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "REVOKE ALL ON SCHEMA public FROM app, platform",
        "GRANT CONNECT ON DATABASE {name} TO app, platform",
        "GRANT USAGE ON SCHEMA public TO app, platform",
    ):
        connection.execute(sql.SQL(statement).format(name=name))


def _let_search_use_its_index(connection: psycopg.Connection) -> None:
    # Under row-level security only what is marked leakproof may use an index: unmarked, a search reads every message.
    # Comparing arrays of text tells nothing of rows that the policy hides. A managed database may refuse it: slower then.
    function = "pg_catalog.arraycontains(anyarray, anyarray)"
    known = connection.execute("SELECT proleakproof FROM pg_proc WHERE oid = %s::regprocedure", [function]).fetchone()
    if known != (True,):
        with suppress(psycopg.Error):
            connection.execute(f"ALTER FUNCTION {function} LEAKPROOF")  # type: ignore[arg-type]


def _with(url: str, **changes: str) -> str:
    return make_conninfo(url, **changes)


def _address(admin_url: str, database: str, role: str, secret: str) -> str:
    parts = {
        name: str(value)
        for name, value in conninfo_to_dict(admin_url).items()
        if name not in ("user", "password", "dbname")
    }
    host, port = parts.pop("host", "127.0.0.1"), parts.pop("port", "5432")
    if host.startswith("/"):  # the folder of a Unix socket
        parts, host = {"host": host, **parts}, ""
    query = f"?{urlencode(parts)}" if parts else ""
    return f"postgresql://{role}:{secret}@{host}:{port}/{database}{query}"
