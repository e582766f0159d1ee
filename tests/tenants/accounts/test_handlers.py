"""What the accounts learn from the journal, and from what became of effects."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from saas import clock
from saas.db import db
from saas.jobs.models import JobRow
from saas.wechat.batch import Batch, JournalRow
from saas.wechat.dispatch import NO_ANSWER
from saas.wechat.messages import Text
from saas.wechat.outbox import OutboxRow
from tenants.accounts import services
from tenants.accounts.handlers import observe, observe_sent
from tenants.accounts.services import Condition, StepState
from tenants.accounts.views.words import explain
from tests.factories.accounts import Tree, make_connected
from tests.tenants.accounts.conftest import FakeWeChat

NOW = clock.now()


def row(account_id: UUID, number: int, *, minutes: int) -> JournalRow:
    inbound = Text(openid="o1", msg_type="text", content="几点开门", created_at=0)
    moment = NOW - timedelta(minutes=minutes)
    return JournalRow(number, account_id, moment, moment, inbound, NO_ANSWER)


def test_the_latest_callback_of_each_account_is_remembered(tree: Tree) -> None:
    make_connected(tree.bund)
    make_connected(tree.lake)
    rows = (row(tree.bund, 1, minutes=9), row(tree.bund, 2, minutes=5), row(tree.lake, 3, minutes=7))
    assert list(observe(Batch(rows))) == []
    db.session.commit()
    db.session.expire_all()
    assert services.access_connection(tree.bund).last_callback_at == NOW - timedelta(minutes=5)
    assert services.access_connection(tree.lake).last_callback_at == NOW - timedelta(minutes=7)


@pytest.mark.parametrize(("errcode", "count"), [(61003, 1), (61023, 1), (45015, 0), (None, 0)])
def test_an_effect_refused_for_want_of_an_authorisation_has_it_looked_at(
    tree: Tree, errcode: int | None, count: int
) -> None:
    assert list(observe_sent(OutboxRow(account_id=tree.bund, state="refused", errcode=errcode))) == []
    assert len(db.session.scalars(select(JobRow).where(JobRow.name == services.CHECK_JOB)).all()) == count


def test_a_ban_is_told_to_people_until_the_next_test(tree: Tree, wechat: FakeWeChat) -> None:
    connection = make_connected(tree.bund)
    for account_id in (tree.bund, tree.lake):
        observe_sent(OutboxRow(account_id=account_id, state="refused", errcode=48004))
    db.session.commit()
    assert connection.condition(NOW) is Condition.TROUBLE
    assert services.count_troubled() == 1
    assert "封禁" in explain(services.health_of(connection).steps[1], "")
    services.check_connection(tree.bund, callback_base="http://127.0.0.1:9")
    assert services.health_of(connection).steps[1].state is StepState.OK
