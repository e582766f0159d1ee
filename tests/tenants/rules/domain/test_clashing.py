"""Keywords that stand in two rules."""

from __future__ import annotations

from tenants.rules.domain.clashing import Clash, clashes
from tests.factories.rules import rule_spec, trigger

OLD = rule_spec(trigger("keyword", "优惠"), trigger("keyword", "券"), name="旧")


def test_a_shared_word_is_named_with_the_rule_that_answers() -> None:
    new = rule_spec(trigger("keyword", "ＷｉＦｉ"), trigger("keyword", "券 "), name="新")
    assert clashes([OLD, new], new.id) == [Clash("券 ", "旧", "旧")]
    louder = rule_spec(trigger("keyword", "券"), name="新", priority=1)
    assert clashes([OLD, louder], louder.id) == [Clash("券", "旧", "新")]


def test_another_way_to_match_another_type_and_a_switched_off_rule_do_not_clash() -> None:
    new = rule_spec(
        trigger("keyword", "优惠", "exact"), trigger("menu_click", "优惠"), trigger("keyword", "券", "regex"), name="新"
    )
    off = rule_spec(trigger("keyword", "优惠", "exact"), enabled=False)
    assert clashes([OLD, new, off], new.id) == []


def test_no_more_than_a_few_are_named() -> None:
    many = [rule_spec(trigger("keyword", "优惠")) for _ in range(9)]
    assert len(clashes([OLD, *many], OLD.id)) == 3
