"""Keywords that stand in two rules: said while one edits, before fans wonder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tenants.rules.domain.text import normalise
from tenants.rules.domain.triggers import MatchKind, RuleSpec, Trigger, TriggerType

MOST = 3


@dataclass(frozen=True)
class Clash:
    """`word` also stands in the rule `name`; `first` is the one of the two that answers."""

    word: str
    name: str
    first: str


def clashes(rules: Iterable[RuleSpec], rule_id: UUID) -> list[Clash]:
    """The first word that each other switched-on rule, given oldest first, shares with one rule."""
    active = [rule for rule in rules if rule.enabled or rule.id == rule_id]
    mine = next(rule for rule in active if rule.id == rule_id)
    wanted = {_said(trigger): trigger.value for trigger in mine.triggers if _said(trigger)}
    found = []
    for rule in active:
        shared = [wanted[_said(trigger)] for trigger in rule.triggers if _said(trigger) in wanted]
        if shared and rule is not mine:
            found.append(Clash(shared[0], rule.name, _first(mine, rule, active)))
    return found[:MOST]


def _said(trigger: Trigger) -> tuple[str, str] | None:
    if trigger.type is not TriggerType.KEYWORD or trigger.match is MatchKind.REGEX:
        return None
    return str(trigger.match), normalise(trigger.value)


def _first(one: RuleSpec, other: RuleSpec, by_age: list[RuleSpec]) -> str:
    if one.priority != other.priority:
        return max(one, other, key=lambda rule: rule.priority).name
    return min(one, other, key=by_age.index).name
