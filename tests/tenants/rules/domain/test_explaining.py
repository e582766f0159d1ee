"""Why an answer fired and others did not."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from tenants.rules.domain.explaining import Verdict, explain
from tenants.rules.domain.matching import compile_rules
from tenants.rules.domain.stimulus import Stimulus
from tenants.rules.domain.triggers import RuleSpec
from tests.factories.rules import rule_spec, trigger

NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)


def verdicts(text: str, *rules: RuleSpec) -> dict[str, Verdict]:
    found = explain(compile_rules(rules), Stimulus(text=text), NOW)
    return {step.match.rule.name: step.verdict for step in found.steps}


def test_every_loser_gets_its_reason() -> None:
    one = trigger("keyword", "优惠券", "contains")
    assert verdicts(
        "优惠券",
        rule_spec(one, name="won", priority=5),
        rule_spec(one, name="newer", priority=5),
        rule_spec(trigger("keyword", "优惠"), name="shorter", priority=5),
        rule_spec(trigger("message_type", "text"), name="vague", priority=5),
        rule_spec(trigger("keyword", "优惠券", "exact"), name="low"),
        rule_spec(one, name="off", priority=9, enabled=False),
        rule_spec(one, name="early", priority=9, starts_at=NOW + timedelta(days=1)),
        rule_spec(one, name="over", priority=9, ends_at=NOW - timedelta(days=1)),
        rule_spec(one, name="night", priority=9, daily_from=time(22), daily_to=time(6)),
        rule_spec(trigger("no_match"), name="last"),
        rule_spec(trigger("keyword", "发票"), name="unrelated"),
    ) == {
        "won": Verdict.WON,
        "newer": Verdict.NEWER,
        "shorter": Verdict.SHORTER,
        "vague": Verdict.LESS_SPECIFIC,
        "low": Verdict.LOWER_PRIORITY,
        "off": Verdict.DISABLED,
        "early": Verdict.NOT_STARTED,
        "over": Verdict.ENDED,
        "night": Verdict.OUTSIDE_HOURS,
        "last": Verdict.NOT_NEEDED,
    }


def test_without_a_match_the_fallback_wins() -> None:
    rules = (rule_spec(trigger("no_match"), name="last", priority=-1), rule_spec(trigger("no_match"), name="other"))
    assert verdicts("啊", *rules) == {"other": Verdict.WON, "last": Verdict.LOWER_PRIORITY}


def test_the_explanation_is_the_decision() -> None:
    rules = compile_rules([rule_spec(trigger("keyword", "优惠"), name="it"), rule_spec(trigger("no_match"))])
    stimulus = Stimulus(text="有优惠吗")
    assert explain(rules, stimulus, NOW).match == rules.match(stimulus, NOW)
    assert explain(rules, Stimulus(text="啊"), NOW).match == rules.fallback(Stimulus(text="啊"), NOW)
