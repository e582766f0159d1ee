"""Why an answer fired and others did not, for the person who wrote the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tenants.rules.domain.matching import CompiledRules, Match, specificity
from tenants.rules.domain.stimulus import Stimulus
from tenants.rules.domain.triggers import Standing, Trigger


class Verdict(StrEnum):
    """What became of a rule whose trigger fits; the first four are those of `Standing`."""

    DISABLED = "disabled"
    ENDED = "ended"
    NOT_STARTED = "not_started"
    OUTSIDE_HOURS = "outside_hours"
    LESS_SPECIFIC = "less_specific"
    LOWER_PRIORITY = "lower_priority"
    NEWER = "newer"
    NOT_NEEDED = "not_needed"
    SHORTER = "shorter"
    WON = "won"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was looked at, by the best of its fitting triggers."""

    match: Match
    verdict: Verdict

    @property
    def trigger(self) -> Trigger:
        """The trigger that fits."""
        return self.match.trigger


@dataclass(frozen=True, slots=True)
class Explanation:
    """The match, if any, and every rule that fits, in the order in which they were asked."""

    match: Match | None
    steps: tuple[Step, ...]


def explain(rules: CompiledRules, stimulus: Stimulus, now: datetime) -> Explanation:
    """The same decision as `match`, else `fallback`, with the reasons."""
    won: Match | None = None
    steps: dict[object, Step] = {}
    for is_fallback, places in ((False, rules.candidates(stimulus)), (True, rules.fallback_candidates(stimulus))):
        for entry in (rules.entries[place] for place in places):
            if entry.rule.id in steps:
                continue
            verdict = _verdict(entry, won, now, is_fallback=is_fallback)
            won = entry if verdict is Verdict.WON else won
            steps[entry.rule.id] = Step(entry, verdict)
    return Explanation(won, tuple(steps.values()))


def _verdict(entry: Match, won: Match | None, now: datetime, *, is_fallback: bool) -> Verdict:
    standing = entry.rule.standing(now)
    if standing is not Standing.ACTIVE:
        return Verdict(standing)
    if won is None:
        return Verdict.WON
    if is_fallback and won.trigger.type != entry.trigger.type:
        return Verdict.NOT_NEEDED
    return _why_lost(entry, won)


def _why_lost(entry: Match, won: Match) -> Verdict:
    if entry.rule.priority < won.rule.priority:
        return Verdict.LOWER_PRIORITY
    if specificity(entry.trigger) < specificity(won.trigger):
        return Verdict.LESS_SPECIFIC
    return Verdict.SHORTER if len(entry.trigger.value) < len(won.trigger.value) else Verdict.NEWER
