"""Authorising in a real browser: by keyboard, on both sizes, back to the platform; axe is content and the policy is kept."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import WATCH
from tests.saas.simulator.component.platform import Platform
from tests.saas.simulator.component.test_pages import PC, PHONE
from tests.saas.simulator.echo import APP_ID, serving
from tests.saas.simulator.test_browser import DESK, serious
from tests.saas.simulator.test_browser import PHONE as SMALL

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser, platform: Platform, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = getattr(request, "param", DESK)
    with serving(platform.box.app) as url:
        context = chromium.new_context(viewport={"width": width, "height": height}, base_url=url)
        context.add_init_script(WATCH)
        opened = context.new_page()
        yield opened
        assert opened.evaluate("window.violations") == []
        context.close()


def code_of(page: Page) -> str:
    query = parse_qs(urlsplit(page.url).query)
    assert (query["state"], query["expires_in"]) == (["7"], ["600"])
    return query["auth_code"][0]


@pytest.mark.parametrize(("page", "path"), [(DESK, PC), (SMALL, PHONE)], indirect=["page"])
def test_an_owner_authorises_by_keyboard(page: Page, platform: Platform, path: str) -> None:
    page.goto(platform.link(path))
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("checkbox", name="群发与通知").press("Space")
    page.get_by_role("button", name="授权").press("Enter")
    page.wait_for_url(f"{platform.url}/back?*")
    info = platform.call("api_query_auth", authorization_code=code_of(page))["authorization_info"]
    assert info["authorizer_appid"] == APP_ID
    assert 7 not in [one["funcscope_category"]["id"] for one in info["func_info"]]


@pytest.mark.parametrize("page", [SMALL], indirect=True)
def test_a_new_account_is_named_on_the_page(page: Page, platform: Platform) -> None:
    page.goto(platform.link(PHONE))
    expect(page.locator("[name=name]")).to_be_hidden()
    page.get_by_label("新建公众号").check()
    page.locator("[name=name]").fill("滨江书房")
    assert serious(page) == []
    page.get_by_role("button", name="授权").click()
    page.wait_for_url(f"{platform.url}/back?*")
    assert len(platform.wait("authorized")) == 1


def test_a_refusal_offers_the_way_back(page: Page, platform: Platform) -> None:
    page.goto(platform.link(PC, lang="en"))
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_role("status")).to_have_text("Nothing was granted. You may close this page.")
    assert serious(page) == []
    page.get_by_role("link", name="Back to the platform").click()
    page.wait_for_url(f"{platform.url}/back?state=7")


@pytest.mark.parametrize("page", [DESK, SMALL], indirect=True)
def test_what_was_given_is_taken_back_on_the_phone(page: Page, platform: Platform) -> None:
    platform.authorise()
    page.goto("/")
    page.wait_for_selector("body[data-ready]")
    page.locator("[data-open=people]").dispatch_event("click")
    expect(page.locator("#account-platforms")).to_have_text("已授权给：千店")
    assert serious(page) == []
    page.get_by_role("button", name="取消授权").click()
    expect(page.locator("#take-back")).to_be_hidden()
    platform.wait("unauthorized")
