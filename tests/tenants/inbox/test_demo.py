"""The demo's conversations."""

from __future__ import annotations

from datetime import UTC, datetime

from saas.capability import Demo
from saas.tenancy.scope import TenantScope
from tenants.inbox.demo import fill
from tenants.inbox.services import ConversationFilter, count_conversations
from tests.factories.accounts import make_tree
from tests.factories.fans import START, new_openid, observed
from tests.factories.inbox import hand_over

UNTIL = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def test_old_hand_overs_are_resolved_and_the_last_wait(scope: TenantScope) -> None:
    tree, wanted = make_tree(), Demo(seed=7, until=UNTIL)
    recent = [hand_over(tree.bund, new_openid(), at=UNTIL.replace(day=21, hour=hour)) for hour in (9, 10)]
    observed(hand_over(tree.lake, new_openid(), at=START, complaint=True), *recent)
    fill(wanted)
    assert count_conversations(ConversationFilter()) == {"resolved": 1, "waiting": 2}
    fill(wanted)
    assert count_conversations(ConversationFilter(reason="complaint")) == {"resolved": 1}
