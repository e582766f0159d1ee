"""A push that comes three times, and three times again ten minutes and more than a day later, is one message."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat.housekeeping import keep_house
from tests.factories.callbacks import event_fields, fields, text_fields


@pytest.fixture
def let_pass(app, tenant):
    """Makes everything of the brand so much older, and keeps house as every hour."""

    def apply(interval):
        with enter(system_scope(tenant)):
            for table in ("journal", "dedupe_keys"):
                db.session.execute(text(f"UPDATE {table} SET received_at = received_at - interval '{interval}'"))
            db.session.commit()
        keep_house(db.engines["platform"])

    return apply


@pytest.mark.parametrize("inner", [text_fields("优惠"), event_fields("CLICK", "<EventKey>MENU_1</EventKey>")])
def test_nine_tries_in_a_day_are_one_message_with_one_answer(connect, post, consumer, business, let_pass, inner):
    keys = connect()
    push = fields(keys, inner)
    answers = [post(keys, push).text for _ in range(3)]
    business.words[keys.account_id] = "changed {}"
    for later in ("10 minutes", "25 hours"):
        let_pass(later)
        consumer.run_once()
        answers += [post(keys, push).text for _ in range(3)]
    consumer.run_once()
    assert len(set(answers)) == 1
    assert len(business.seen) == 1
