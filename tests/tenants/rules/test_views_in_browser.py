"""The rule form and the tester in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from saas.auth.roles import Role
from saas.db import db
from saas.tenancy.scope import TenantRecord
from tenants.rules import services
from tests.chromium import WATCH
from tests.factories.accounts import Tree
from tests.factories.people import Member
from tests.factories.rules import make_rule
from tests.saas.web.conftest import DESK, PHONE
from tests.saas.web.gallery import serving
from tests.saas.web.test_gallery import serious

pytestmark = pytest.mark.browser


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(
    chromium: Browser, app: Flask, member: Callable[[Role], Member], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A store manager's browser; afterwards nothing may have offended the policy."""
    width, height = request.param
    signer = app.session_interface.get_signing_serializer(app)
    cookie = signer.dumps({"_user_id": member(Role.STORE_MANAGER).session_token, "_fresh": True})
    with serving(app) as url:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN", base_url=url)
        context.add_init_script(WATCH)
        context.add_cookies([{"name": "session", "value": cookie, "url": url}])
        opened = context.new_page()
        yield opened
        assert opened.evaluate("window.violations") == []
        context.close()


@pytest.fixture
def base(tenant: TenantRecord, tree: Tree) -> str:
    return f"/t/{tenant.id}/a/{tree.bund}/rules"


def control(page: Page, name: str) -> str:
    return f'[name="{name}"]:enabled:visible'


def test_a_rule_is_written_with_its_answer_in_sight(page: Page, base: str, tree: Tree) -> None:
    page.goto(f"{base}/new")
    page.fill("#f-name", "发票")
    for _ in range(2):
        page.click('[data-field="triggers"] [data-rows-add]')
    page.fill(control(page, "triggers.0.value"), "发票")
    page.click("[data-row]:has([data-trigger]) >> nth=1 >> [data-rows-drop]")
    page.select_option(control(page, "triggers.1.type"), "emoji")
    page.fill(control(page, "triggers.1.value"), "笑")
    page.fill(control(page, "replies.0.content"), "小程序里开")
    expect(page.locator("[data-rule-fan] .bubble-text")).to_have_text("发票")
    expect(page.locator("[data-rule-robot] .bubble-text")).to_have_text("小程序里开")
    assert serious(page) == []
    page.click("#rule-form .form-actions button")
    wrong = page.locator('[data-field="triggers.1.value"].has-error')
    expect(wrong.locator("[data-field-error]")).to_contain_text("微笑")
    page.fill(control(page, "triggers.1.value"), "[微笑]")
    page.click("#rule-form .form-actions button")
    page.wait_for_url(f"**{base}")
    db.session.expire_all()
    (rule,) = services.list_rules(tree.bund, services.RuleFilter()).items
    assert [trigger["value"] for trigger in rule.triggers] == ["发票", "[微笑]"]


def test_a_song_and_a_card_are_previewed(page: Page, base: str) -> None:
    page.goto(f"{base}/new?type=subscribe")
    expect(page.locator("[data-rule-fan] .bubble-text")).to_have_text("关注")
    page.select_option(control(page, "replies.0.type"), "music")
    page.fill(control(page, "replies.0.title"), "山雾")
    expect(page.locator("[data-rule-robot] .bubble-text")).to_have_text("♪ 山雾")
    page.select_option(control(page, "replies.0.type"), "news")
    expect(page.locator("[data-rule-news] .bubble-news-title")).to_have_text("山雾")
    expect(page.locator("[data-rule-robot]")).to_be_hidden()


def test_a_rule_is_switched_where_it_stands(page: Page, base: str, tree: Tree) -> None:
    rule = make_rule(tree.bund)
    page.goto(base)
    assert serious(page) == []
    page.uncheck(f"#rule-{rule.id} .rule-switch input")
    expect(page.locator(f"#rule-{rule.id} .status")).to_have_text("停用")
    page.check(f"#rule-{rule.id} .rule-switch input")
    expect(page.locator(f"#rule-{rule.id} .status")).to_have_text("启用")


def test_ticked_rules_are_deleted_after_a_question(page: Page, base: str, tree: Tree) -> None:
    for _ in range(2):
        make_rule(tree.bund)
    page.goto(base)
    for box in page.locator("[data-tick]").all():
        box.check()
    page.click("[data-bulk] [value=delete]")
    expect(page.locator("#confirm .confirm-text")).to_contain_text("2")
    page.click("#confirm [value=yes]")
    expect(page.locator(".empty-state")).to_be_visible()


def test_the_tester_answers_in_place(page: Page, base: str, tree: Tree) -> None:
    make_rule(tree.bund)
    page.goto(f"{base}/tester")
    page.fill("#try-text", "几点关门")
    page.click(".rule-tester .btn-primary")
    expect(page.locator("#trial .bubble-robot .bubble-text")).to_contain_text("每天 8:00")
    expect(page.locator(".verdict-won")).to_contain_text("营业时间")
    assert serious(page) == []
