"""What rules weigh in memory."""

from __future__ import annotations

import gc
import tracemalloc

import pytest

from tenants.rules.domain.matching import compile_rules
from tenants.rules.domain.triggers import ReplySpec, RuleSpec
from tenants.rules.domain.weighing import bytes_of
from tests.factories.rules import rule_spec, trigger


def rules_of(kind: str, match: str, triggers: int) -> list[RuleSpec]:
    """A hundred rules whose texts are all their own."""
    return [
        rule_spec(
            *(trigger(kind, f"词{number}号{other}", match) for other in range(triggers)),
            name=f"规则{number}",
            replies=(ReplySpec("text", {"content": f"回复{number}" * 40}),),
        )
        for number in range(100)
    ]


@pytest.mark.parametrize("triggers", [1, 10, 200])
@pytest.mark.parametrize(("kind", "match"), [("keyword", "contains"), ("keyword", "exact"), ("scan", None)])
def test_the_estimate_is_not_far_from_what_they_take(kind: str, match: str, triggers: int) -> None:
    gc.collect()
    tracemalloc.start()
    compiled = compile_rules(rules_of(kind, match, triggers))
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < compiled.weight < 2 * taken


def test_patterns_weigh_what_they_may_grow_to() -> None:
    rules = [rule_spec(trigger("keyword", f"词{number}[0-9]{{2,4}}号", "regex")) for number in range(100)]
    assert compile_rules(rules).weight > bytes_of(rules) + 100 * 1024
