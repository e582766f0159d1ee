"""What the crowd says, and the rules it meets."""

from __future__ import annotations

import random
from uuid import uuid4

from benchmarks.gateway import crowd
from saas import clock
from saas.wechat import xml_reader
from saas.wechat.messages import message_from
from tenants.rules.domain.matching import CompiledRules, compile_rules
from tenants.rules.domain.stimulus import Kind, Stimulus
from tenants.rules.domain.triggers import MatchKind
from tests.factories.rules import rule_spec, trigger

NOW = 1_795_000_000


def compiled(count: int) -> CompiledRules:
    made = [(rule["name"], rule["triggers"][0]) for rule in crowd.rules(count)]
    return compile_rules(rule_spec(trigger("keyword", one["value"], one["match"]), name=name) for name, one in made)


def test_every_rule_is_met_by_what_is_said_of_it() -> None:
    rules, chance = compiled(crowd.RULES), random.Random(1)
    for number in range(0, crowd.RULES, 7):
        found = rules.match(Stimulus(Kind.MESSAGE, text=crowd.said(number, chance)), clock.now())
        assert found is not None
        assert found.rule.name == f"规则 {number:04}"


def test_half_of_the_rules_ask_for_the_whole_message() -> None:
    kinds = [rule["triggers"][0]["match"] for rule in crowd.rules()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        MatchKind.EXACT: 1000, MatchKind.CONTAINS: 600, MatchKind.PREFIX: 200, MatchKind.REGEX: 200
    }  # fmt: skip
    assert len({crowd.phrase(number) for number in range(crowd.RULES)}) == crowd.RULES


def test_two_in_a_hundred_come_twice() -> None:
    made = crowd.pushes(5000, seed=1, now=NOW)
    bodies = {one.body for one in made}
    assert crowd.uniques(made) == len(bodies)
    assert 0.01 < 1 - len(bodies) / 5000 < 0.03
    assert not bodies & {one.body for one in crowd.pushes(5000, seed=2, now=NOW)}


def test_every_push_can_be_read() -> None:
    kinds = {
        type(message_from(xml_reader.read(one.body), one.body)).__name__ for one in crowd.pushes(500, seed=3, now=NOW)
    }
    assert kinds == {"Text", "Image", "Click", "Subscribe"}


def test_the_same_seed_says_the_same() -> None:
    assert crowd.pushes(50, seed=4, now=NOW) == crowd.pushes(50, seed=4, now=NOW)


def test_rules_as_one_value_keep_their_fields() -> None:
    assert uuid4().hex not in crowd.as_json(crowd.rules(2, suffix="007"))
    assert "007" in crowd.as_json(crowd.rules(2, suffix="007"))
