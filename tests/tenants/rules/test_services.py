"""The verbs of rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from saas.db import db
from saas.errors import Invalid, NotFound, StaleVersion
from saas.tenancy.scope import enter, system_scope
from saas.wechat import versions
from saas.wechat.replies import ImageReply, TextReply
from tenants.library import services as library
from tenants.rules import services
from tenants.rules.domain.explaining import Verdict
from tenants.rules.domain.stimulus import Kind, Stimulus
from tenants.rules.errors import PatternsTooLarge, RuleLocked, TooManyRules, TooManyTriggers
from tenants.rules.schemas import RuleSchema
from tenants.rules.services import RuleFilter
from tests.factories.accounts import Tree, make_store
from tests.factories.people import make_tenant
from tests.factories.rules import make_rule, rule_values

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(20)


def names(account_id: object, **wanted: object) -> list[str]:
    return [rule.name for rule in services.list_rules(account_id, RuleFilter(**wanted)).items]


def test_a_rule_is_made_and_found(tree: Tree) -> None:
    rule = make_rule(tree.bund, priority=3)
    found = services.access_rule(tree.bund, rule.id)
    assert (found.name, found.version, found.priority) == ("营业时间", 1, 3)


def test_missing_of_another_account_and_of_another_tenant_are_the_same(tree: Tree) -> None:
    rule = make_rule(tree.bund)
    for account_id, rule_id in ((tree.bund, uuid4()), (tree.lake, rule.id)):
        with pytest.raises(NotFound):
            services.access_rule(account_id, rule_id)
    with enter(system_scope(make_tenant())), pytest.raises(NotFound):
        services.access_rule(tree.bund, rule.id)


def test_every_edit_outdates_the_answers_of_its_account_alone(tree: Tree) -> None:
    before = versions.current(tree.lake)
    seen = [versions.current(tree.bund)]
    rule = make_rule(tree.bund)
    seen.append(versions.current(tree.bund))
    services.update_rule(rule, {"enabled": False})
    seen.append(versions.current(tree.bund))
    services.delete_rule(rule)
    db.session.commit()
    seen.append(versions.current(tree.bund))
    assert seen == list(range(seen[0], seen[0] + 4))
    assert versions.current(tree.lake) == before


def test_an_edit_of_an_old_version_is_refused(tree: Tree) -> None:
    rule = make_rule(tree.bund)
    services.update_rule(rule, {"name": "新"}, 1)
    assert rule.version == 2
    for act in (lambda: services.update_rule(rule, {"name": "旧"}, 1), lambda: services.delete_rule(rule, 1)):
        with pytest.raises(StaleVersion):
            act()


def test_a_locked_rule_is_not_changed_below(tree: Tree) -> None:
    rule = make_rule(tree.bund)
    rule.lock = "locked"
    db.session.commit()
    with pytest.raises(RuleLocked):
        services.update_rule(rule, {"enabled": False})
    with pytest.raises(RuleLocked):
        services.delete_rule(rule)


def test_the_end_lies_after_the_start(tree: Tree) -> None:
    rule = make_rule(tree.bund, starts_at="2026-03-02T00:00:00+08:00")
    with pytest.raises(Invalid) as refused:
        services.update_rule(rule, {"ends_at": datetime(2026, 3, 1, tzinfo=UTC)})
    assert list(refused.value.fields) == ["ends_at"]


def test_an_account_holds_so_many_rules(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_RULES", 1)
    make_rule(tree.bund)
    with pytest.raises(TooManyRules):
        make_rule(tree.bund)
    make_rule(tree.lake)


def words(*values: str, match: str = "contains") -> list[dict[str, str]]:
    return [{"type": "keyword", "match": match, "value": value} for value in values]


def test_an_account_holds_so_many_triggers(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_TRIGGERS", 4)
    make_rule(tree.bund, triggers=words("一", "二"))
    rule = make_rule(tree.bund, triggers=words("三", "四"))
    for act in (
        lambda: make_rule(tree.bund),
        lambda: services.update_rule(rule, {"triggers": words("三", "四", "五")}),
    ):
        with pytest.raises(TooManyTriggers):
            act()
    make_rule(tree.lake)


def test_an_account_that_has_too_much_may_still_have_less(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = make_rule(tree.bund, triggers=[*words("一", "二"), *words("三.*", "四.*", match="regex")])
    monkeypatch.setattr(services, "MOST_TRIGGERS", 1)
    monkeypatch.setattr(services, "MOST_STEPS", 1)
    services.update_rule(rule, {"name": "新"})
    services.update_rule(rule, {"triggers": [*words("六", "七"), *words("四.*", "三.*", match="regex")]})
    services.update_rule(rule, {"triggers": [*words("六"), *words("四.*", match="regex")]})
    assert len(rule.triggers) == 2


def test_the_patterns_of_an_account_are_together_so_large(tree: Tree) -> None:
    heavy, heavier = words("(.{1,40}a){10}", match="regex"), words("(.{1,40}b){11}", match="regex")
    rule = make_rule(tree.bund, triggers=heavy)
    for act in (
        lambda: make_rule(tree.bund, triggers=heavier),
        lambda: services.update_rule(rule, {"triggers": [*heavy, *heavier]}),
    ):
        with pytest.raises(PatternsTooLarge):
            act()
    make_rule(tree.bund, triggers=words("码$", match="regex"))
    make_rule(tree.lake, triggers=heavier)


def test_what_is_loaded_weighs_its_rules_and_its_stores(tree: Tree) -> None:
    make_rule(tree.bund)
    light = services.load_rules(tree.bund).weight
    make_rule(tree.bund, replies=[{"type": "nearest_store"}])
    without = services.load_rules(tree.bund).weight
    make_store(tree.bund, name="外滩店")
    assert 0 < light < without < services.load_rules(tree.bund).weight


def test_search_and_filters(tree: Tree) -> None:
    make_rule(tree.bund, name="菜单", triggers=[{"type": "keyword", "value": "看看"}])
    make_rule(tree.bund, name="歌", triggers=[{"type": "emoji", "value": "🙂"}], priority=5, enabled=False)
    make_rule(tree.bund, name="100%", triggers=[{"type": "subscribe"}], priority=5)
    make_rule(tree.lake, name="西湖")
    assert names(tree.bund) == ["100%", "歌", "菜单"]
    assert names(tree.bund, sort="created") == ["菜单", "歌", "100%"]
    assert names(tree.bund, search="看") == ["菜单"]
    assert names(tree.bund, search="%") == ["100%"]
    assert names(tree.bund, search="🙂") == ["歌"]
    assert names(tree.bund, search="keyword") == []
    assert names(tree.bund, type="emoji") == ["歌"]
    assert names(tree.bund, enabled=True) == ["100%", "菜单"]


def test_pages_follow_one_another(tree: Tree) -> None:
    for number in range(5):
        make_rule(tree.bund, name=f"规则{number}", priority=number % 2)
    first = services.list_rules(tree.bund, RuleFilter(), limit=3)
    second = services.list_rules(tree.bund, RuleFilter(), cursor=first.next_cursor, limit=3)
    assert [rule.name for rule in (*first.items, *second.items)] == ["规则3", "规则1", "规则4", "规则2", "规则0"]
    assert second.next_cursor is None


def test_a_trial_answers_and_says_why(tree: Tree) -> None:
    make_rule(tree.bund, name="关", enabled=False)
    rule = make_rule(tree.bund, name="开")
    trial = services.try_message(tree.bund, Stimulus(text="你们几点关门"))
    assert trial.outcome.reply == TextReply("我们每天 8:00–22:00 营业。")
    assert trial.explanation.match is not None
    assert trial.explanation.match.rule.id == rule.id
    assert [step.verdict for step in trial.explanation.steps] == [Verdict.DISABLED, Verdict.WON]
    assert services.try_message(tree.lake, Stimulus(text="你们几点关门")).explanation.match is None


def test_hours_are_those_of_the_brand(tree: Tree) -> None:
    make_rule(tree.bund, daily_from="22:00", daily_to="06:00")
    late, noon = datetime(2026, 3, 1, 15, tzinfo=UTC), datetime(2026, 3, 1, 4, tzinfo=UTC)
    assert services.try_message(tree.bund, Stimulus(text="几点"), late).outcome.reply is not None
    assert services.try_message(tree.bund, Stimulus(text="几点"), noon).outcome.reply is None


def test_pictures_go_out_under_the_ids_of_wechat(tree: Tree) -> None:
    media = library.create_media(kind="image", name="菜单", content=PICTURE)
    db.session.flush()
    picture = {"type": "image", "media_id": str(media.id)}
    make_rule(tree.bund, replies=[picture, {"type": "text", "content": "稍后补图"}])
    assert services.try_message(tree.bund, Stimulus(text="几点")).outcome.reply == TextReply("稍后补图")
    library.record_upload(media.id, tree.bund, wechat_id="theirs", lasts=timedelta(days=3))
    assert services.try_message(tree.bund, Stimulus(text="几点")).outcome.reply == ImageReply("theirs")


def test_foreign_media_is_refused(tree: Tree) -> None:
    with enter(system_scope(make_tenant())):
        media_id = library.create_media(kind="image", name="别家", content=PICTURE).id
        db.session.commit()
    for foreign in (media_id, uuid4()):
        with pytest.raises(NotFound):
            make_rule(tree.bund, replies=[{"type": "image", "media_id": str(foreign)}])


def test_a_complaint_is_handed_over_with_its_reason(tree: Tree) -> None:
    over = {"type": "hand_over", "content": "请稍候", "reason": "complaint"}
    make_rule(tree.bund, replies=[over])
    found = services.try_message(tree.bund, Stimulus(text="几点")).outcome
    assert (found.reply, found.effects) == (TextReply("请稍候"), ("hand_over", "complaint"))


def test_the_nearest_store_answers_a_place_and_a_city(tree: Tree) -> None:
    make_store(tree.bund, name="外滩店", city="上海市", district="黄浦区", latitude=31.24, longitude=121.49)
    make_rule(tree.central, replies=[{"type": "nearest_store"}])
    place = Stimulus(Kind.MESSAGE, "location", point=(31.23, 121.47))
    for stimulus in (place, Stimulus(text="上海几点开门")):
        reply = services.try_message(tree.central, stimulus).outcome.reply
        assert isinstance(reply, TextReply)
        assert "外滩店" in reply.content


def test_only_rules_that_are_on_are_loaded_for_answering(tree: Tree) -> None:
    make_rule(tree.bund, enabled=False)
    assert services.load_rules(tree.bund).compiled.entries == ()


def test_the_form_and_the_database_agree(tree: Tree) -> None:
    values = RuleSchema().load(rule_values())
    shown = RuleSchema().dump(services.create_rule(tree.bund, values))
    assert {**shown, "id": None, "version": None} == {
        **RuleSchema().dump(values),
        "id": None,
        "version": None,
        "origin_id": None,
        "lock": None,
    }
