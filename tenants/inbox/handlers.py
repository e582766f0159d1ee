"""WeChat's doors: answers that handed a fan over to people, and what became of people's own."""

from __future__ import annotations

from collections.abc import Iterable

from saas.wechat.batch import Batch
from saas.wechat.outbox import OutboxRow
from tenants.inbox import services
from tenants.inbox.domain import hand_overs


def observe(batch: Batch) -> Iterable[str]:
    """Opens conversations, and hears which template messages did not arrive; the menu's count changes with them."""
    opened = services.open_conversations(hand_overs(batch.rows))
    return {*services.note_reports(batch), *(("inbox",) if opened else ())}


def observe_sent(row: OutboxRow) -> Iterable[str]:
    """Notes how long the fan waited for the first answer, and what WeChat says of a template message."""
    services.read_again(row)
    return {*services.note_answer(row), *services.note_report(row)}
