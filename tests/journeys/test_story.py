"""What people do in a day, through the pages alone: the phone of a fan beside the pages of those who look after it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.acts import become_new_fan, say
from tests.journeys.browser import GENEROUS, Visitor
from tests.journeys.product import BRAND, REGION, STORE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
INTERACTIONS, FOLLOWS = "互动量", "新增关注"
FIGURE = """([name, column]) => {
  const heads = [...document.querySelectorAll(".figures-table thead th")].map((head) => head.innerText.trim());
  const row = [...document.querySelectorAll(".figures-table tbody tr")].find((one) => one.querySelector("th a")?.innerText.trim() === name);
  return Number(row?.children[heads.indexOf(column)]?.firstChild.textContent.replaceAll(",", ""));
}"""


@pytest.fixture
def windows(visitor: Visitor) -> Iterator[list[BrowserContext]]:
    """Windows of this test; closed afterwards."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def enter(visitor: Visitor, windows: list[BrowserContext], role: str | None, size: str = "desk") -> Page:
    """A window of one who is logged in, or of a stranger."""
    windows.append(visitor.new_context(role, size))
    return windows[-1].new_page()


def address(visitor: Visitor, kind: str, page: str = "") -> str:
    product = visitor.product
    return f"/t/{product.brand['id']}/a/{product.account(kind)['id']}/{page}"


def phone_of_a_new_fan(visitor: Visitor, windows: list[BrowserContext]) -> Page:
    """The phone before the store's account, in the hands of one who does not follow yet."""
    phone = enter(visitor, windows, None)
    phone.goto(f"{visitor.product.simulator_url}/?account={visitor.product.account('store')['app_id']}")
    phone.wait_for_selector("body[data-ready]")
    become_new_fan(phone, "小禾")
    return phone


def follow(phone: Page) -> None:
    phone.click("#profile-follow")
    expect(phone.locator(".theirs").first).to_be_visible()


def figures(page: Page, column: str) -> list[int]:
    """What the open page shows now for store, region and brand."""
    return [page.evaluate(FIGURE, [name, column]) for name in (STORE, REGION, BRAND)]


def wait_for_figures(page: Page, column: str, wanted: list[int]) -> None:
    reads = " && ".join(f"({FIGURE})([names[{n}], column]) === wanted[{n}]" for n in range(3))
    given = {"names": [STORE, REGION, BRAND], "column": column, "wanted": wanted}
    page.wait_for_function(f"({{names, column, wanted}}) => {reads}", arg=given, timeout=GENEROUS)


def test_a_message_is_answered_and_counted_on_the_open_page(visitor: Visitor, windows: list[BrowserContext]) -> None:
    headquarters = enter(visitor, windows, "brand_hq")
    headquarters.goto(address(visitor, "central", "figures"))
    phone = phone_of_a_new_fan(visitor, windows)
    follows = figures(headquarters, FOLLOWS)
    headquarters.evaluate("window.neverLeft = true")
    follow(phone)
    wait_for_figures(headquarters, FOLLOWS, [count + 1 for count in follows])  # all that came before is counted, too
    before = figures(headquarters, INTERACTIONS)
    say(phone, "几点关门？")
    expect(phone.locator(".theirs")).to_have_count(2)
    wait_for_figures(headquarters, INTERACTIONS, [count + 1 for count in before])
    assert headquarters.evaluate("window.neverLeft")


def test_an_edited_rule_answers_the_next_message(visitor: Visitor, windows: list[BrowserContext]) -> None:
    phone = phone_of_a_new_fan(visitor, windows)
    follow(phone)
    manager = enter(visitor, windows, "store_manager")
    manager.goto(address(visitor, "store", "rules"))
    manager.get_by_role("link", name="营业时间", exact=True).click()
    words = f"今天开到晚上十点半，慢慢来。{uuid4().hex[:6]}"
    manager.fill('[name="replies.0.content"]:visible', words)
    manager.get_by_role("button", name="保存").click()
    manager.wait_for_url(f"**{address(visitor, 'store', 'rules')}")
    say(phone, "几点关门？")
    expect(phone.locator(".theirs .bubble").last).to_have_text(words)


def test_an_invited_manager_accepts_and_logs_in(visitor: Visitor, windows: list[BrowserContext]) -> None:
    headquarters = enter(visitor, windows, "brand_hq")
    headquarters.goto(address(visitor, "store", "people/new"))
    expect(headquarters.locator("#f-role")).to_have_value("store_manager")
    headquarters.fill("#f-name", "苏晚晴")
    headquarters.get_by_role("button", name="生成邀请").click()
    link = headquarters.locator("[data-copy*='/invitations/']").get_attribute("data-copy")
    login, secret = f"su-{uuid4().hex[:8]}@yunxiu.example", "外滩的早晨有雾"
    invited = enter(visitor, windows, None, "phone")
    invited.goto(str(link))
    invited.fill("#f-login", login)
    invited.fill("#f-password", f"{secret} 2026")
    invited.get_by_role("button", name="接受并登录").click()
    expect(invited.locator("h1")).to_contain_text(STORE)
    again = enter(visitor, windows, None)
    log_in(again, login, f"{secret} 2026")
    expect(again.locator("h1")).to_contain_text(STORE)


def log_in(page: Page, login: str, password: str) -> None:
    page.goto("/login")
    page.fill("#f-login", login)
    page.fill("#f-password", password)
    page.get_by_role("button", name="登录").click()


def test_a_store_manager_does_the_list_on_the_phone(visitor: Visitor, windows: list[BrowserContext]) -> None:
    phone = phone_of_a_new_fan(visitor, windows)
    follow(phone)
    say(phone, "人工")
    manager = enter(visitor, windows, "store_manager", "phone")
    manager.goto(address(visitor, "store"))
    line = manager.locator(".todo-line", has_text="等待接待的粉丝")
    expect(line).to_be_visible(timeout=GENEROUS)
    line.click()
    waiting = manager.locator("tbody th a")
    expect(waiting.first).to_be_visible()
    for left in reversed(range(waiting.count())):
        waiting.first.click()
        manager.wait_for_url("**/inbox/*")
        manager.get_by_role("button", name="标记为已解决").click()
        manager.wait_for_url("**/inbox")
        expect(waiting).to_have_count(left)
    manager.locator(".bottom-link", has_text="首页").click()
    expect(manager.locator(".all-done")).to_be_visible()


def press_until(page: Page, selector: str, key: str = "Tab", most: int = 60) -> None:
    """Presses the key until what has the focus matches."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{most} × {key} did not reach {selector}")


def test_everything_by_keyboard(visitor: Visitor, windows: list[BrowserContext]) -> None:
    page = enter(visitor, windows, None)
    page.goto("/login")
    login = visitor.product.login("brand_hq")
    press_until(page, "#f-login")
    page.keyboard.type(login["login"])
    press_until(page, "#f-password")
    page.keyboard.type(login["password"])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(BRAND)
    press_until(page, ".account-picker-button")
    page.keyboard.press("Enter")
    expect(page.locator(".picker-option").first).to_be_visible()
    press_until(page, "[data-picker-search]")
    page.keyboard.type("静安")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("静安店")
    press_until(page, ".side-link[href$='/rules']")
    page.keyboard.press("Enter")
    expect(page.locator("tbody th a").first).to_be_visible()
    press_until(page, "tbody th a")
    name = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
