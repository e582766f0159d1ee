"""Refuses to work as a database role that could go round the walls."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import event

from saas.db import db

_POWERS = """
    SELECT rolsuper OR rolbypassrls OR rolcreaterole OR EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relowner = r.oid AND n.nspname = 'public')
    FROM pg_roles r WHERE rolname = current_user
"""


class RoleTooPowerful(SystemExit):
    """DATABASE_URL names a role that owns tables or bypasses row-level security; ends the process with one sentence."""


def init_app(app: Flask) -> None:
    """Asks once per process, on the first connection of pages, jobs and the consumer."""
    with app.app_context():
        event.listen(db.engine, "first_connect", _refuse_power)


def _refuse_power(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        row = cursor.execute(_POWERS).fetchone()
    connection.rollback()
    if row is None or row[0]:
        raise RoleTooPowerful(
            "DATABASE_URL must name the role `app`, which owns nothing and can't bypass row-level security: "
            "see README, Deployment."
        )
