"""One session = one tenant: asking without a scope fails, and rows of others don't exist."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from saas.db import NoScope, db, new_id, session_of
from saas.jobs.models import JobRow
from saas.tenancy.scope import TenantRecord, current_scope, enter, enter_directory, system_scope
from tests.factories.people import make_tenant


def add_job(tenant: TenantRecord) -> JobRow:
    with enter(system_scope(tenant)):
        row = JobRow(name="test", arguments={})
        db.session.add(row)
        db.session.commit()
        return row


def test_ids_sort_by_time() -> None:
    ids = [new_id() for _ in range(50)]
    assert ids == sorted(ids)


def test_asking_without_a_scope_fails(app: Flask) -> None:
    with pytest.raises(NoScope):
        db.session.execute(text("SELECT 1"))
    with pytest.raises(NoScope):
        current_scope()


def test_the_tenant_is_filled_in_and_rows_are_seen_by_their_tenant_alone(tenant: TenantRecord) -> None:
    row = add_job(tenant)
    other = make_tenant()
    assert row.tenant_id == tenant.id
    with enter(system_scope(tenant)):
        assert [one.id for one in db.session.scalars(select(JobRow))] == [row.id]
    with enter(system_scope(other)):
        assert db.session.scalars(select(JobRow)).all() == []
        assert db.session.get(JobRow, (tenant.id, row.id)) is None
    with enter_directory():
        assert db.session.scalars(select(JobRow)).all() == []


def test_a_row_of_another_tenant_can_not_be_written(tenant: TenantRecord) -> None:
    other = make_tenant()
    with enter(system_scope(tenant)):
        db.session.add(JobRow(tenant_id=other.id, name="test", arguments={}))
        with pytest.raises(DBAPIError):
            db.session.flush()


def test_nested_scopes_have_sessions_of_their_own(tenant: TenantRecord) -> None:
    other = make_tenant()
    with enter(system_scope(tenant)):
        outer = db.session()
        with enter(system_scope(other)):
            assert db.session() is not outer
            assert current_scope().tenant == other
        assert db.session() is outer
        assert current_scope().tenant == tenant


def test_the_tenant_does_not_outlive_its_transaction(tenant: TenantRecord) -> None:
    with session_of(tenant.id):
        assert db.session.scalar(text("SELECT app_tenant()")) == tenant.id
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT app_tenant()")) is None


def test_what_was_not_committed_is_gone(tenant: TenantRecord) -> None:
    with enter(system_scope(tenant)):
        db.session.add(JobRow(name="lost", arguments={}))
        db.session.flush()
    with enter(system_scope(tenant)):
        assert db.session.scalars(select(JobRow)).all() == []


def test_a_slot_is_planned_once(tenant: TenantRecord) -> None:
    with enter(system_scope(tenant)):
        db.session.add_all([JobRow(name="nightly", slot="a", arguments={}) for _ in range(2)])
        with pytest.raises(IntegrityError):
            db.session.flush()


@pytest.mark.parametrize("bind", [None, "platform"])
def test_every_connection_notices_a_dead_line(app: Flask, bind: str | None) -> None:
    with db.engines[bind].connect() as connection:
        parameters = connection.connection.dbapi_connection.info.get_parameters()
    wanted = {"connect_timeout": "5", "tcp_user_timeout": "4000", "keepalives_idle": "5"}
    assert {name: parameters.get(name) for name in wanted} == wanted
