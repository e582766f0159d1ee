"""What the accounts learn from the journal."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from saas import clock
from saas.db import db
from saas.wechat.batch import Batch, JournalRow
from saas.wechat.dispatch import NO_ANSWER
from saas.wechat.messages import Text
from tenants.accounts import services
from tenants.accounts.handlers import observe
from tests.factories.accounts import Tree, make_connected

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
