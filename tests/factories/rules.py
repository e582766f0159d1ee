"""Rules for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from saas.db import db
from tenants.rules import services
from tenants.rules.domain.triggers import MatchKind, ReplySpec, RuleSpec, Trigger, TriggerType, Validity
from tenants.rules.models import Rule
from tenants.rules.schemas import RuleSchema

SHANGHAI = ZoneInfo("Asia/Shanghai")


def trigger(kind: str, value: str = "", match: str | None = None) -> Trigger:
    """A trigger of the matcher."""
    usual = "contains" if kind in ("keyword", "emoji") else None
    chosen = match or usual
    return Trigger(TriggerType(kind), MatchKind(chosen) if chosen else None, value)


def rule_spec(
    *triggers: Trigger,
    name: str = "rule",
    priority: int = 0,
    enabled: bool = True,
    replies: tuple[ReplySpec, ...] = (ReplySpec("text", {"content": "您好"}),),
    **validity: Any,
) -> RuleSpec:
    """A rule of the matcher."""
    return RuleSpec(uuid4(), name, triggers, replies, Validity(SHANGHAI, **validity), priority, enabled)


def rule_values(**changes: Any) -> dict[str, Any]:
    """What a person or a program sends to make a rule."""
    return {
        "name": "营业时间",
        "triggers": [{"type": "keyword", "match": "contains", "value": "几点"}],
        "replies": [{"type": "text", "content": "我们每天 8:00–22:00 营业。"}],
        **changes,
    }


def make_rule(account_id: UUID, **changes: Any) -> Rule:
    """A rule of an account, committed."""
    rule = services.create_rule(account_id, RuleSchema().load(rule_values(**changes)))
    db.session.commit()
    return rule
