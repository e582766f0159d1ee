"""`flask kpi recount`."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from saas.db import db
from tests.factories.figures import observe, said


@pytest.fixture
def recount(whole_app, tenant):
    """Runs the command for the test's tenant."""
    return lambda *options: whole_app.test_cli_runner().invoke(
        args=["kpi", "recount", "--tenant", str(tenant.id), *options]
    )


@pytest.fixture
def broken(tree):
    """A sum that somebody spoilt."""
    observe([said(tree.store)])
    db.session.execute(text("UPDATE kpi_days SET interactions = 5 WHERE tenant_id = app_tenant()"))
    db.session.commit()


def test_equal_sums_are_said_to_be(recount, tree):
    observe([said(tree.store)])
    db.session.commit()
    result = recount()
    assert (result.exit_code, result.output) == (0, "differences: 0\n")


def test_a_difference_is_told_and_left_as_it_is(recount, broken):
    for _ in range(2):
        result = recount("--month", "2026-03")
        assert result.exit_code == 1
        assert "interactions: 5, facts say 1" in result.output


def test_a_rebuild_on_demand_mends_it(recount, broken):
    result = recount("--rebuild")
    assert (result.exit_code, result.output) == (0, "differences: 0\n")


def test_a_month_is_written_as_in_the_addresses(recount, tree):
    assert recount("--month", "March").exit_code == 2
