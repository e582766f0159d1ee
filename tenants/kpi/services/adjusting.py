"""Followers that no event announced: what `fans` asks of its follower counter."""

from __future__ import annotations

from collections.abc import Sequence

from saas import clock
from saas.db import new_id
from saas.tenancy.scope import current_scope
from tenants.fans.ports import Adjustment
from tenants.kpi.domain.kinds import Kind
from tenants.kpi.services.facts import NewFact, record_facts


class AdjustedFollowers:
    """Counts followers found or found gone by reading WeChat's list as adjusted, never as new or lost."""

    def adjust(self, adjustments: Sequence[Adjustment]) -> None:
        """Writes them in the caller's transaction; who found them keeps them from being told twice."""
        now, zone = clock.now(), current_scope().tenant.time_zone
        facts = [
            NewFact(
                source_key=f"adjusted {new_id()}",
                node_id=one.node_id,
                account_id=one.account_id,
                kind=Kind.ADJUSTED,
                amount=one.delta,
                alias=one.alias,
                day=clock.day_of(one.at, zone),
                occurred_at=one.at,
                received_at=now,
            )
            for one in adjustments
        ]
        record_facts(facts)
