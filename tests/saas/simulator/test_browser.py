"""The phone in a real browser: what is typed is answered, nothing offends the policy, and axe is content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from saas.web.i18n import compile_catalogues
from tests.chromium import WATCH
from tests.saas.simulator.conftest import Box
from tests.saas.simulator.echo import Echo, serving
from tests.saas.simulator.test_templates import message

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[3] / "node_modules/axe-core/axe.min.js"
DESK, PHONE = (1440, 900), (390, 844)
MENU = [
    {"type": "click", "name": "优惠", "key": "MENU_TODAY"},
    {"name": "更多", "sub_button": [{"type": "scancode_waitmsg", "name": "扫一扫", "key": "scan1"}]},
]


@pytest.fixture
def address(answered: Box) -> Iterator[str]:
    compile_catalogues()
    answered.post("/cgi-bin/menu/create", {"button": MENU})
    scene = {"scene": {"scene_str": "shop-0042"}}
    answered.post("/cgi-bin/qrcode/create", {"action_name": "QR_LIMIT_STR_SCENE", "action_info": scene})
    answered.sim("/fans", {"fans": [{"name": "小林", "subscribed": False}]})
    with serving(answered.app) as url:
        yield url


@pytest.fixture
def page(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = getattr(request, "param", DESK)
    context = chromium.new_context(viewport={"width": width, "height": height}, bypass_csp=False)
    context.add_init_script(WATCH)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(address)
    opened.wait_for_selector("body[data-ready]")
    yield opened
    assert (faults, opened.evaluate("window.violations")) == ([], [])
    context.close()


def serious(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in {"serious", "critical"}]


def write(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def test_from_stranger_to_answer(page: Page) -> None:
    assert serious(page) == []
    page.locator("#codes").select_option(label="shop-0042")
    expect(page.locator("#code-picture")).to_be_visible()
    page.locator("#scan button").click()
    expect(page.locator(".note").first).to_contain_text("shop-0042")
    write(page, "几点开门")
    expect(page.locator(".theirs .bubble").last).to_have_text("echo:几点开门")
    expect(page.locator(".theirs .meta").last).to_contain_text("内回复")
    expect(page.locator("#deliveries pre").first).to_contain_text("几点开门")
    assert serious(page) == []


@pytest.mark.parametrize(("spelling", "sent"), [("unicode", "🙂"), ("code", "/::)"), ("name", "[微笑]")])
def test_emoji_in_every_spelling(page: Page, echo: Echo, spelling: str, sent: str) -> None:
    page.locator("#profile-follow").click()
    page.locator("#emoji-button").click()
    page.locator(f"input[value={spelling}] + span").click()
    page.locator("#emoji-grid button").first.click()
    page.locator("#send").click()
    expect(page.locator(".theirs .bubble")).to_have_count(2)
    assert echo.seen[-1].content == sent
    expect(page.locator(".mine .bubble").last).to_have_text("🙂")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_everything_else_on_a_small_screen(page: Page, echo: Echo) -> None:
    page.locator("#profile-follow").click()
    for dialog in ("picture", "voice", "location", "link"):
        page.locator("#plus-button").click()
        page.locator(f"[data-dialog={dialog}-dialog]").click()
        assert serious(page) == []
        page.locator(f"#{dialog}-dialog .primary").click()
    expect(page.locator(".mine")).to_have_count(4)
    expect(page.locator(".theirs")).to_have_count(5)
    assert sorted(message.type for message in echo.seen[1:]) == ["image", "link", "location", "voice"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[data-open=trace]").click()
    expect(page.locator("#deliveries details")).to_have_count(5)
    assert serious(page) == []


def test_the_menu_by_keyboard(page: Page, echo: Echo) -> None:
    page.locator("#profile-follow").click()
    expect(page.locator("#to-menu")).to_be_visible()
    page.locator("#to-menu").press("Enter")
    page.get_by_role("button", name="优惠").press("Enter")
    expect(page.locator(".theirs .bubble").last).to_have_text("echo:event")
    page.get_by_role("button", name="更多").press("Enter")
    page.get_by_role("button", name="扫一扫").press("Enter")
    page.locator("#scan-result").press("Enter")
    expect(page.locator(".theirs")).to_have_count(3)
    assert echo.seen[-1]._data["ScanCodeInfo"]["ScanResult"] == "SN-88231"


def test_a_customer_service_message_appears_by_itself(page: Page, answered: Box) -> None:
    page.locator("#profile-follow").click()
    write(page, "人工")
    expect(page.locator(".theirs")).to_have_count(2)
    [fan] = answered.sim("/fans")["items"]
    text = {
        "touser": fan["openid"],
        "msgtype": "text",
        "text": {"content": '您好 <a href="https://example.test">看这里</a>'},
    }
    assert answered.errcode("/cgi-bin/message/custom/send", text) == 0
    expect(page.locator(".theirs .bubble a")).to_have_attribute("href", "https://example.test/")


@pytest.mark.parametrize("page", [DESK, PHONE], indirect=True)
def test_a_template_message_appears_with_its_lines(page: Page, answered: Box) -> None:
    page.locator("#profile-follow").click()
    expect(page.locator(".theirs")).to_have_count(1)
    [fan] = answered.sim("/fans")["items"]
    assert answered.errcode("/cgi-bin/message/template/send", message(answered, fan["openid"])) == 0
    expect(page.locator(".theirs .template-card strong")).to_have_text("预约成功通知")
    expect(page.locator(".theirs .template-card dd").first).to_have_text("人民广场店")
    expect(page.locator(".theirs .template-card a")).to_have_attribute("href", "https://example.test/a")
    expect(page.locator(".theirs .meta").last).to_have_text("模板消息")
    assert serious(page) == []


def test_english(page: Page) -> None:
    page.locator(".language").click()
    expect(page.locator("#profile-follow")).to_have_text("Follow")
    expect(page.locator("html")).to_have_attribute("lang", "en")
