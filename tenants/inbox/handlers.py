"""WeChat's door: answers that handed a fan over to people."""

from __future__ import annotations

from collections.abc import Iterable

from saas.wechat.batch import Batch
from tenants.inbox import services
from tenants.inbox.domain import hand_overs


def observe(batch: Batch) -> Iterable[str]:
    """Opens conversations; the menu's count changes with them."""
    return ("inbox",) if services.open_conversations(hand_overs(batch.rows)) else ()
