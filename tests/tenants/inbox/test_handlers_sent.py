"""The first answer of a person: how long the fan had waited."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saas import clock
from saas.db import db
from saas.tenancy.scope import TenantScope
from saas.wechat.outbox import access_effect
from tenants.inbox import services
from tenants.inbox.handlers import observe_sent
from tests.factories.accounts import Tree, make_tree
from tests.factories.outward import make_open_conversation, make_sent


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    return make_tree()


def test_the_first_answer_that_arrives_ends_the_waiting(tree: Tree) -> None:
    conversation, fan = make_open_conversation(tree.bund)
    conversation.waiting_since = clock.now() - timedelta(seconds=90)
    lost, first = make_sent(fan, state="unknown"), make_sent(fan, state="done")
    assert list(observe_sent(access_effect(lost.id))) == []
    assert list(observe_sent(access_effect(first.id))) == ["inbox"]
    services.resolve_conversation(conversation)
    later = make_sent(fan, state="done")
    observe_sent(access_effect(later.id))
    db.session.refresh(conversation)
    assert conversation.first_response_seconds is not None
    assert 90 <= conversation.first_response_seconds < 120
