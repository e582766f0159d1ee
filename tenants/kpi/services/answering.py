"""From a person's answer that was sent to a fact: each act of a fan is answered once, however many messages that took."""

from __future__ import annotations

from saas import clock
from saas.tenancy.scope import current_scope
from saas.wechat.outbox import OutboxRow, State
from tenants.fans.services import human_answer
from tenants.kpi.domain.kinds import Kind
from tenants.kpi.services.facts import NewFact, record_facts


def count_answer(row: OutboxRow) -> int:
    """Writes the fact in the caller's transaction, when the effect is sent and answers an act; returns how many were new."""
    answer = human_answer(row) if row.state == State.DONE else None
    if answer is None:
        return 0
    zone, moment = current_scope().tenant.time_zone, answer.written_at
    fact = NewFact(
        source_key=f"answer {answer.act}",
        node_id=answer.node_id,
        account_id=answer.account_id,
        kind=Kind.REPLY_HUMAN,
        amount=1,
        alias=answer.alias,
        day=clock.day_of(moment, zone),
        occurred_at=moment,
        received_at=clock.now(),
    )
    return record_facts([fact])
