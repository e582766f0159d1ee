"""A rule as a row of the list."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from saas import clock
from saas.tenancy.scope import current_scope
from tenants.rules.domain.triggers import ReplySpec, RuleSpec, Standing, Trigger
from tenants.rules.models import Rule

SHOWN_TRIGGERS = 4


@dataclass(frozen=True)
class Row:
    """What the list shows of a rule."""

    rule: Rule
    spec: RuleSpec
    standing: Standing

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """The first few triggers."""
        return self.spec.triggers[:SHOWN_TRIGGERS]

    @property
    def hidden_triggers(self) -> int:
        """How many more there are."""
        return max(0, len(self.spec.triggers) - SHOWN_TRIGGERS)

    @property
    def reply(self) -> ReplySpec:
        """The reply that is sent when it can be."""
        return self.spec.replies[0]


def row_of(rule: Rule) -> Row:
    """The rule, and whether it counts now."""
    spec = rule.spec(ZoneInfo(current_scope().tenant.time_zone))
    return Row(rule, spec, spec.standing(clock.now()))
