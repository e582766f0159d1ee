"""A consumer that is behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import TenantRecord, enter, system_scope

STORED = text("""
    INSERT INTO journal (tenant_id, account_id, key, raw, answer, received_at)
    VALUES (app_tenant(), gen_random_uuid(), 'late', '', '{}', now() - interval '5 minutes')
""")


@contextmanager
def late_callback(tenant: TenantRecord) -> Iterator[None]:
    """A callback that nobody has consumed for five minutes; gone at the end."""
    _run(tenant, "INSERT")
    try:
        yield
    finally:
        _run(tenant, "DELETE")


def _run(tenant: TenantRecord, act: str) -> None:
    with enter(system_scope(tenant)):
        db.session.execute(STORED if act == "INSERT" else text("DELETE FROM journal WHERE key = 'late'"))
        db.session.commit()
