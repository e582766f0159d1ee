"""The demo's conversations: one for each day on which a fan was handed over; the last ones still wait."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from saas.capability import Demo
from saas.db import db, new_id
from tenants.inbox.services import ConversationFilter, list_conversations

WAITING_FOR = timedelta(hours=30)
AGENT = "许诺"
_ASKED = text("""
    SELECT DISTINCT ON (m.fan_id, date_trunc('day', m.created_at)) m.fan_id, m.account_id, m.node_id, m.created_at AS at,
        m.extra -> 'effects' ? 'complaint' AS is_complaint, f.erased_at IS NULL AND m.created_at > :since AS waits
    FROM messages m JOIN fans f ON f.tenant_id = m.tenant_id AND f.id = m.fan_id
    WHERE m.direction = 'in' AND m.extra -> 'effects' ? 'hand_over'
    ORDER BY m.fan_id, date_trunc('day', m.created_at), m.created_at
""")
_MAKE = text("""
    INSERT INTO conversations (tenant_id, id, account_id, fan_id, node_id, status, reason, waiting_since, resolved_at,
        resolved_by, created_at, version)
    SELECT app_tenant(), :id, :account_id, :fan_id, :node_id, :status, :reason, :at,
        CASE WHEN CAST(:status AS text) = 'resolved' THEN CAST(:at AS timestamptz) + CAST(:took AS interval) END, :agent, :at, 1
    ON CONFLICT (tenant_id, fan_id) WHERE status <> 'resolved' DO NOTHING
""")


def fill(demo: Demo) -> None:
    """Opens and resolves what the demo's messages asked for; a brand that has conversations keeps them."""
    if list_conversations(ConversationFilter(status="resolved"), limit=1).items:
        return
    asked = db.session.execute(_ASKED, {"since": demo.until - WAITING_FOR}).all()
    rows = [
        {
            "id": new_id(),
            "account_id": one.account_id,
            "fan_id": one.fan_id,
            "node_id": one.node_id,
            "status": "waiting" if one.waits else "resolved",
            "reason": "complaint" if one.is_complaint else "hand_over",
            "at": one.at,
            "took": timedelta(minutes=4 + one.fan_id.int % 170),
            "agent": "" if one.waits else AGENT,
        }
        for one in asked
    ]
    if rows:
        db.session.execute(_MAKE, rows)
