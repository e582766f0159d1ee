"""The mass sends of a day and a month, told from WeChat's own reports."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from saas import clock
from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat import quota
from saas.wechat.quota import mass
from saas.wechat.quota.accounts import BEIJING
from saas.wechat.quota.calls import CallLedger
from tests.factories.callbacks import event_fields, fields
from tests.factories.queries import count_queries

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOON = datetime(2026, 5, 20, 12, tzinfo=BEIJING)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """The 20th of May, at noon."""
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def finished(batch):
    """Has the ledger see the ends of mass sends."""

    def see(*msg_ids, at=NOON, status="send success", sent=3):
        inner = "<MsgID>{}</MsgID><Status>{}</Status><SentCount>{}</SentCount>"
        reports = [event_fields("MASSSENDJOBFINISH", inner.format(one, status, sent)) for one in msg_ids]
        mass.count(batch(*reports, at=at))

    return see


@pytest.fixture
def of_account(account_id):
    """What is left."""
    return lambda kind="service": quota.of_account(account_id, service_type=kind).mass


def test_a_days_and_a_months_count_in_beijing(finished, of_account):
    midnight = NOON.replace(hour=0)
    finished(1, at=midnight + MINUTE)
    finished(2, at=midnight - MINUTE)
    finished(3, at=midnight.replace(day=1) - MINUTE)  # still the month before
    found = of_account()
    assert (found.today, found.this_month, found.a_month, found.may_send) == (1, 2, 4, True)
    daily = of_account("subscription")
    assert (daily.today, daily.a_day, daily.may_send) == (1, 1, False)


def test_each_counts_once_however_often_it_is_told(finished, of_account):
    finished(1, 1, 2, at=NOON - DAY)
    finished(2, 1)
    assert (of_account().today, of_account().this_month) == (0, 2)


@pytest.mark.parametrize("status", ["err(10001)", "send fail", "SEND_FAIL"])
def test_what_reached_nobody_has_not_gone_out(finished, of_account, status):
    finished(1, status=status, sent=0)
    assert of_account().this_month == 0
    finished(2, status=status)
    assert of_account().this_month == 1


def test_setting_back_the_count_of_calls_leaves_it(finished, of_account, tenant, account_id, monkeypatch):
    monkeypatch.undo()  # the database's clock counts calls
    finished(1, at=clock.now())
    db.session.commit()
    CallLedger(db.engine, tenant.id, account_id).clear()
    assert of_account().today == 1


def test_it_is_no_call(finished, account_id):
    finished(1)
    assert not [path for path in quota.of_account(account_id).calls if path.used]


def test_other_callbacks_ask_nothing(batch):
    made = batch(event_fields("subscribe"))
    with count_queries() as queries:
        mass.count(made)
    assert queries == []


def test_another_account_and_another_brand_keep_theirs(finished, account_id, make_other_tenant):
    finished(1)
    db.session.commit()
    with enter(system_scope(make_other_tenant())):
        assert quota.of_account(account_id).mass.this_month == 0


def test_it_is_told_in_words(app, tenant, finished, of_account):
    with app.test_request_context(headers={"Accept-Language": "en"}), enter(system_scope(tenant)):
        assert "4 more" in str(of_account().sentence)
        assert str(of_account("subscription").sentence) == "One mass send may go out today."
        finished(1)
        assert "3 more" in str(of_account().sentence)
        assert "tomorrow" in str(of_account("subscription").sentence)


def test_the_consumer_counts_what_wechat_reports(app, tenant, connect, post, monkeypatch):
    monkeypatch.undo()
    keys = connect()
    report = event_fields("MASSSENDJOBFINISH", "<MsgID>1</MsgID><Status>send success</Status>")
    assert post(keys, fields(keys, report, created_at=int(clock.now().timestamp()))).status_code == 200
    while app.extensions["consumer"].run_once():
        pass
    with enter(system_scope(tenant)):
        assert quota.of_account(keys.account_id).mass.today == 1
