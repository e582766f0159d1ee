"""`flask db bootstrap` for a PostgreSQL that somebody else runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from flask import Flask

from saas.config import Config
from saas.stack.cli import bootstrap_command
from saas.stack.temporary import TemporaryStack, temporary_stack


@pytest.fixture(scope="module")
def server() -> Iterator[TemporaryStack]:
    with temporary_stack() as running:
        yield running


@pytest.fixture
def given(server: TemporaryStack, tmp_path: Path) -> Config:
    place = server.admin_url.rpartition("@")[2].partition("/")[0]
    return Config(
        database_url=f"postgresql://app:one@{place}/product",
        database_owner_url=f"postgresql://owner:two@{place}/product",
        database_platform_url=f"postgresql://platform:thr%25ee@{place}/product",
        data_dir=tmp_path,
    )


def bootstrap(config: Config, *arguments: str) -> Result:
    app = Flask("test")
    app.config["SETTINGS"] = config
    app.cli.add_command(bootstrap_command)
    return app.test_cli_runner().invoke(args=["bootstrap", *arguments])


def test_the_roles_get_the_passwords_of_the_addresses(server: TemporaryStack, given: Config) -> None:
    result = bootstrap(given, "--admin-url", server.admin_url)
    assert result.exit_code == 0, result.output
    for url in (given.database_url, given.database_owner_url, given.database_platform_url):
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("product",)


def test_without_an_administrator_it_says_so(server: TemporaryStack, given: Config) -> None:
    bootstrap(given, "--admin-url", server.admin_url)
    result = bootstrap(given)
    assert result.exit_code == 1
    assert result.output == "Error: The role owner may not make roles: name an administrator with --admin-url.\n"


def test_a_role_whose_password_nobody_knows_is_refused(server: TemporaryStack, given: Config) -> None:
    bootstrap(given, "--admin-url", server.admin_url)
    result = bootstrap(replace(given, database_platform_url=""), "--admin-url", server.admin_url)
    assert "role platform exists already" in result.output
