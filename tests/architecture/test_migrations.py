"""One head, no drift between models and migrations, and the way back works."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect

from saas.config import Config
from saas.db import db
from saas.stack.bootstrap import Urls
from saas.stack.temporary import TemporaryStack
from tests.architecture.sources import ROOT, sources
from tests.conftest import running, settings


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_revisions_import_none_of_our_code() -> None:
    bad = ("import saas", "from saas", "import tenants", "from tenants")
    assert [one.name for one in sources("migrations/versions") if any(line.startswith(bad) for line in one.lines)] == []


def test_models_and_migrations_agree(app: Flask, config: Config) -> None:
    engine = create_engine(config.database_owner_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        assert compare_metadata(context, db.metadatas[None]) == []
    engine.dispose()


def is_ours(item: object, name: str | None, kind: str, *_: object) -> bool:
    return not (
        kind == "table"
        and name is not None
        and ("_default" in name or name[-6:].isdigit() or name == "alembic_version")
    )


def test_up_down_and_up_again(stack: TemporaryStack, fresh_database: Urls) -> None:
    engine = create_engine(fresh_database.owner.replace("postgresql://", "postgresql+psycopg://"))
    with running(settings(stack, fresh_database)) as application, application.app_context():
        upgrade()
        tables = set(inspect(engine).get_table_names())
        downgrade(revision="base")
        assert set(inspect(engine).get_table_names()) == {"alembic_version"}
        upgrade()
        assert set(inspect(engine).get_table_names()) == tables
    engine.dispose()
