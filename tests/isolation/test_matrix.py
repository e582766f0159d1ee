"""All routes × actors × positions; refused calls change nothing anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from psycopg import sql

from saas.stack.bootstrap import Urls
from saas.stack.temporary import TemporaryStack
from tests.isolation import matrix
from tests.isolation.world import World, in_context, make_world

PARTS = 8
# What a request may touch though it was refused or undone: when a person was last seen, and that WeChat was called.
SEEN = ("user_sessions", "api_tokens", "call_counts")


@pytest.fixture(scope="module")
def world(whole_app: Flask) -> Iterator[World]:
    with in_context(whole_app):
        made = make_world()
        matrix.SISTERS["agency administrator"] = (made.places["other brand"].tenant_id,)
        yield made


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_cell_answers_as_the_table_says(
    app: Flask, world: World, stack: TemporaryStack, urls: Urls, part: int
) -> None:
    wanted = matrix.routes(app)[part::PARTS]
    before = fingerprint(stack, urls)
    assert matrix.offences(app, world, wanted) == []
    assert fingerprint(stack, urls) == before


def test_every_route_is_in_the_matrix_or_public(app: Flask) -> None:
    listed = {rule.endpoint for rule, _ in matrix.routes(app)}
    rest = {name for name in app.view_functions if name not in listed}
    assert not any(hasattr(app.view_functions[name], "permission") for name in rest)
    assert len(listed) > 90


def fingerprint(stack: TemporaryStack, urls: Urls) -> dict[str, str]:
    """One hash per table of everything in it, read past the walls by the administrator."""
    admin = stack.admin_url.rsplit("/", 1)[0] + "/" + urls.app.rsplit("/", 1)[1].split("?")[0]
    with psycopg.connect(admin) as connection:
        names = [row[0] for row in connection.execute(TABLES)]
        return {name: str(connection.execute(hash_of(name)).fetchone()) for name in names if name not in SEEN}


TABLES = """SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition"""


def hash_of(name: str) -> sql.Composed:
    return sql.SQL("SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {} t").format(
        sql.Identifier(name)
    )
