"""Planning: a row in the caller's transaction, refused when nothing may go, heard of with the commit."""

from __future__ import annotations

import threading

import psycopg
import pytest
from sqlalchemy import text

from saas.db import db
from saas.faultpoints import Point
from saas.tenancy.scope import enter, system_scope
from saas.wechat.outbox import planning
from saas.wechat.outbox.effects import CustomMessage, TemplateMessage
from saas.wechat.outbox.errors import NothingLeft
from saas.wechat.outbox.planning import CHANNEL, plan
from saas.wechat.quota.acts import Trigger
from saas.wechat.quota.calls import CallLedger
from saas.wechat.replies import TextReply
from tests.factories.queries import count_queries

HELLO = TextReply("您好")


@pytest.fixture
def listening(config):
    """Hears of planned effects."""
    with psycopg.connect(config.database_url, autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield lambda seconds: list(connection.notifies(timeout=seconds, stop_after=1))


@pytest.fixture
def point(monkeypatch):
    """The fault points that were reached."""
    seen = []
    monkeypatch.setattr(planning, "reach", seen.append)
    return seen


def test_what_wechat_would_refuse_is_not_planned(planned, fans, effects):
    with pytest.raises(NothingLeft) as caught:
        planned(fans[0])
    assert (caught.value.status, caught.value.code) == (409, "nothing_may_be_sent")
    assert "48" in str(caught.value.shown)
    assert effects() == []


def test_what_wechat_takes_no_more_of_today_is_not_planned(planned, phone, fans, tenant, credentials, effects):
    phone.allow(fans[0])
    calls = CallLedger(db.engine, tenant.id, credentials.account_id)
    for path in (CustomMessage.path, TemplateMessage.path):
        calls.count(path)
        calls.end(path)
    for effect in (HELLO, TemplateMessage(openid=fans[0], template_id="t", data={})):
        with pytest.raises(NothingLeft, match="nothing_may_be_sent"):
            planned(fans[0], effect)
    assert effects() == []


def test_what_waits_counts(planned, phone, fans, states):
    phone.allow(fans[0], Trigger.FOLLOW)
    for _ in range(3):
        planned(fans[0])
    with pytest.raises(NothingLeft):
        planned(fans[0])
    assert states() == ["planned"] * 3


def test_a_template_needs_no_act(planned, fans, effects):
    planned(fans[0], TemplateMessage(openid=fans[0], template_id="t", data={}))
    assert len(effects()[0].key) == 32


def test_a_message_has_no_key_and_keeps_its_origin(planned, phone, fans, effects):
    phone.allow(fans[0])
    planned(fans[0], origin="inbox:1")
    (row,) = effects()
    assert (row.key, row.origin, row.created_by, row.openid) == (None, "inbox:1", None, fans[0])


def test_senders_hear_of_it_with_the_commit(listening, planned, phone, fans, point):
    phone.allow(fans[0])
    planned(fans[0])
    assert len(listening(5)) == 1
    assert point == [Point.OUTBOX_PLANNED]


def test_what_was_rolled_back_was_never_planned(tenant, credentials, listening, phone, fans, effects, point):
    phone.allow(fans[0])
    with enter(system_scope(tenant)):
        plan(credentials.account_id, CustomMessage(openid=fans[0], message=HELLO))
        db.session.flush()
        db.session.rollback()
        db.session.execute(text("SELECT 1"))
        db.session.commit()
    assert (effects(), listening(0.2), point) == ([], [], [])


def test_other_brands_see_nothing_of_it(planned, phone, fans, make_other_tenant):
    phone.allow(fans[0])
    row = planned(fans[0])
    with enter(system_scope(make_other_tenant())):
        assert db.session.scalar(text("SELECT count(*) FROM outbox WHERE id = :id"), {"id": row.id}) == 0


def test_the_statements_of_a_plan_are_counted(planned, phone, fans):
    phone.allow(fans[0])
    with count_queries() as queries:
        planned(fans[0])
    assert len(queries) <= 7


def test_a_plan_in_another_thread_is_its_own(app, planned, phone, fans, states):
    phone.allow(fans[0])

    def work():
        with app.app_context():
            planned(fans[0])

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states() == ["planned"] * 3
