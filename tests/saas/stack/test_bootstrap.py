"""The three roles and the database, on a real cluster of its own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from saas.stack.bootstrap import ROLES, Urls, bootstrap, may_bootstrap
from saas.stack.errors import StackError
from saas.stack.keys import KeyFile
from saas.stack.temporary import TemporaryStack, temporary_stack


@pytest.fixture(scope="module")
def stack() -> Iterator[TemporaryStack]:
    with temporary_stack() as stack:
        yield stack


@pytest.fixture(scope="module")
def urls(stack: TemporaryStack) -> Urls:
    return bootstrap(stack.admin_url, "product", keys=stack.keys)


def test_no_role_may_create_replicate_or_bypass(stack: TemporaryStack, urls: Urls) -> None:
    with psycopg.connect(stack.admin_url) as admin:
        rows = admin.execute(
            "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles"
            " WHERE rolname = ANY(%s)",
            [list(ROLES)],
        ).fetchall()
    assert rows == [(True, False, False, False, False, False)] * 3


@pytest.mark.parametrize(("role", "creates"), [("app", False), ("platform", False), ("owner", True)])
def test_only_the_owner_creates_in_the_schema(urls: Urls, role: str, creates: bool) -> None:
    with psycopg.connect(getattr(urls, role)) as connection:
        row = connection.execute(
            "SELECT current_user, has_schema_privilege('public', 'USAGE'), has_schema_privilege('public', 'CREATE'),"
            " has_database_privilege(current_database(), 'TEMP')"
        ).fetchone()
    assert row == (role, True, creates, creates)


def test_the_owner_owns_database_and_schema(urls: Urls) -> None:
    with psycopg.connect(urls.app) as connection:
        row = connection.execute(
            "SELECT (SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()),"
            " (SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public')"
        ).fetchone()
    assert row == ("owner", "owner")


def test_a_new_table_is_nobodys_until_granted(urls: Urls) -> None:
    with psycopg.connect(urls.owner) as owner:
        owner.execute("CREATE TABLE mine (id int)")
    for url in (urls.app, urls.platform):
        with psycopg.connect(url) as other, pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute("SELECT * FROM mine")


def test_it_may_run_again_and_many_at_once(stack: TemporaryStack, urls: Urls) -> None:
    names = ["product", "one", "two", "three"]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda name: bootstrap(stack.admin_url, name, keys=stack.keys), names))
    assert made[0] == urls
    assert made[1].app.endswith("/one")


def test_a_copy_of_a_template_has_its_tables_and_the_same_grants(stack: TemporaryStack, urls: Urls) -> None:
    original = bootstrap(stack.admin_url, "original", keys=stack.keys)
    with psycopg.connect(original.owner) as owner:
        owner.execute("CREATE TABLE shared AS SELECT 7 AS number")
        owner.execute("GRANT SELECT ON shared TO app")
    copy = bootstrap(stack.admin_url, "copy", keys=stack.keys, template="original")
    with psycopg.connect(copy.app) as app:
        assert app.execute("SELECT number FROM shared").fetchone() == (7,)


def test_a_role_that_somebody_else_made_is_left_alone(stack: TemporaryStack, urls: Urls, tmp_path: Path) -> None:
    with pytest.raises(StackError, match="role app exists already"):
        bootstrap(stack.admin_url, "other", keys=KeyFile(tmp_path / "secrets.json"))


def test_only_an_administrator_may_bootstrap(stack: TemporaryStack, urls: Urls) -> None:
    assert may_bootstrap(stack.admin_url)
    assert not may_bootstrap(urls.owner)


def test_parameters_of_the_administrators_address_are_kept(stack: TemporaryStack) -> None:
    urls = bootstrap(f"{stack.admin_url}?connect_timeout=7", "product", keys=stack.keys)
    assert urls.app.endswith("/product?connect_timeout=7")
