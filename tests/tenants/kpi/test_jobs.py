"""The nightly recount."""

from __future__ import annotations

import structlog
from sqlalchemy import text

from saas.db import db
from saas.wechat.messages import PicturesPicked
from tenants.kpi.jobs import recount
from tests.factories.figures import act, at, observe, said


def test_equal_sums_are_not_worth_a_word(tree):
    observe([said(tree.store)])
    with structlog.testing.capture_logs() as logs:
        recount()
    assert logs == []


def test_a_difference_is_reported_and_never_mended(tree):
    observe([said(tree.store)])
    db.session.execute(text("UPDATE kpi_months SET replies_robot = 9 WHERE tenant_id = app_tenant()"))
    with structlog.testing.capture_logs() as logs:
        recount()
    assert logs[0]["event"] == "figures_differ_from_facts"
    assert logs[0]["columns"] == {"replies_robot": 1}
    assert db.session.scalar(text("SELECT max(replies_robot) FROM kpi_months WHERE tenant_id = app_tenant()")) == 9


def test_taps_whose_pictures_never_came_are_forgotten(tree):
    observe([act(tree.store, PicturesPicked(**at(), event="pic_weixin", count=2))])
    recount()
    assert db.session.scalar(text("SELECT count(*) FROM kpi_awaited WHERE tenant_id = app_tenant()")) == 0
