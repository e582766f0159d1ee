"""Facts out of messages that were written without the consumer: the demo's past."""

from __future__ import annotations

from sqlalchemy import text

from saas.db import db
from saas.tenancy.scope import current_scope
from tenants.kpi.domain.kinds import Kind
from tenants.kpi.services.recount import rebuild_from_facts

# Fans who left long ago are erased and have no alias: each gets one for this statement, so that they stay distinct.
_FANS = "fan AS MATERIALIZED (SELECT id, coalesce(alias, gen_random_uuid()) AS alias FROM fans)"
_COLUMNS = "tenant_id, source_key, node_id, account_id, kind, amount, alias, day, occurred_at, received_at"
_EVENTS = f"""CASE m.extra ->> 'event' WHEN 'subscribe' THEN '{Kind.FOLLOW}' WHEN 'unsubscribe' THEN '{Kind.UNFOLLOW}'
    WHEN 'scan' THEN '{Kind.INTERACTION}' WHEN 'click' THEN '{Kind.INTERACTION}' WHEN 'view' THEN '{Kind.INTERACTION}'
    WHEN 'view_miniprogram' THEN '{Kind.INTERACTION}' END"""

_MESSAGES = text(f"""
WITH {_FANS}
INSERT INTO facts ({_COLUMNS})
SELECT app_tenant(), 'message ' || m.id || ' ' || one.part, m.node_id, m.account_id, one.kind, 1, fan.alias,
    (m.created_at AT TIME ZONE :zone)::date, m.created_at, m.received_at
FROM messages AS m JOIN fan ON fan.id = m.fan_id
CROSS JOIN LATERAL (VALUES
    ('act', CASE WHEN m.direction <> 'in' THEN NULL WHEN m.type = 'event' THEN {_EVENTS} ELSE '{Kind.INTERACTION}' END),
    ('reply', CASE WHEN m.direction = 'in' AND m.type <> 'event' AND NOT m.answered THEN '{Kind.UNANSWERED}'
        WHEN m.author = 'robot' AND coalesce(m.extra ->> 'to', '') <> 'subscribe' THEN '{Kind.REPLY_ROBOT}' END),
    ('hand_over', CASE WHEN m.direction = 'in' AND m.extra -> 'effects' ? 'hand_over' THEN '{Kind.HANDED_OVER}' END),
    ('complaint', CASE WHEN m.direction = 'in' AND m.extra -> 'effects' ? 'complaint' THEN '{Kind.COMPLAINT}' END)
) AS one (part, kind)
WHERE m.tenant_id = app_tenant() AND one.kind IS NOT NULL
ON CONFLICT DO NOTHING
""")
_FOUND = text(f"""
INSERT INTO facts ({_COLUMNS})
SELECT app_tenant(), 'found ' || f.id, f.node_id, f.account_id, '{Kind.ADJUSTED}', 1, coalesce(f.alias, gen_random_uuid()),
    (f.created_at AT TIME ZONE :zone)::date, f.created_at, f.created_at
FROM fans AS f WHERE f.tenant_id = app_tenant() AND NOT EXISTS (
    SELECT FROM messages AS m WHERE m.tenant_id = app_tenant() AND m.fan_id = f.id AND m.extra ->> 'event' = 'subscribe'
)
ON CONFLICT DO NOTHING
""")


def make_facts() -> None:
    """Writes the facts of all messages and fans that have none, and the sums anew."""
    zone = {"zone": current_scope().tenant.time_zone}
    for statement in (_MESSAGES, _FOUND):
        db.session.execute(statement, zone)
    rebuild_from_facts()
