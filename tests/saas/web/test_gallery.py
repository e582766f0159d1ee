"""Every part in a real browser: nothing refused by the policy, nothing serious found by axe, and it does what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from saas.web.assets import LIBRARIES
from tests.saas.web.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
DARK, LIGHT = "dark", "light"
OTHERS = [
    "tokens",
    "audit",
    "../../../../login",
    "../../../../me/sessions",
    "../../../../me/password",
    "../../../../nothing",
]
VISITS = [("kpi", (size, theme)) for size in (DESK, PHONE) for theme in (LIGHT, DARK)] + [
    (name, (PHONE, LIGHT)) for name in OTHERS
]


def serious(page: Page) -> list[str]:
    page.evaluate((LIBRARIES / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"] if v["impact"] in {"serious", "critical"}
    ]


def faults_of(page: Page) -> list[str]:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    return faults


@pytest.mark.parametrize(("name", "page"), VISITS, indirect=["page"])
def test_pages_are_sound(page: Page, address: str, name: str) -> None:
    faults = faults_of(page)
    page.goto(f"{address}/{name}", wait_until="load")
    expect(page.locator("[data-chart-canvas]:not([data-drawn])")).to_have_count(0)

    assert serious(page) == []
    assert page.evaluate("window.violations") == []
    assert [fault for fault in faults if "404" not in fault] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("page", [(PHONE, "light")], indirect=True)
def test_thumbs_find_their_targets(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    small = page.evaluate(
        """[...document.querySelectorAll(".bottom-link, .topbar a, .topbar button, main .btn:not(.btn-sm)")]
        .filter(e => e.offsetParent && (e.offsetHeight < 44 || e.offsetWidth < 44)).map(e => e.outerHTML)"""
    )
    assert small == []


def test_a_field_is_checked_when_left(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    name = page.locator("#f-name")
    name.fill("")
    name.blur()
    expect(page.locator("#f-name-error")).to_have_text("请填写此项。")
    name.fill("早安")
    expect(page.locator("#f-name-error")).to_have_text("")


def test_what_the_server_refuses_stands_beside_its_field(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.locator("#f-name").fill("重名")
    page.locator("#f-reply").fill("打好的字")
    page.locator("#rule-form").get_by_role("button", name="保存").click()

    expect(page.locator("#f-name-error")).to_have_text("已有同名的规则。")
    expect(page.locator("#rule-form [data-form-errors]")).to_contain_text("另一处也不对。")
    expect(page.locator("#f-reply")).to_have_value("打好的字")


def test_a_saved_form_leads_on(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.locator("#f-name").fill("新规则")
    page.locator("#rule-form").get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(r":\d+/$"))


def test_unsaved_input_is_guarded(page: Page, address: str) -> None:
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(f"{address}/kpi")
    page.locator("#f-name").press_sequentially("改")
    with page.expect_event("dialog"):
        page.locator(".side-link").first.click()
    page.wait_for_timeout(300)

    assert asked == ["beforeunload"]


def test_rows_are_added_and_taken_away(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.locator("[data-rows-add]").click()
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator("[name='triggers.1.value']")).to_be_focused()
    page.locator("[data-rows-drop]").first.click()
    expect(page.locator("[data-row]")).to_have_count(1)


def test_the_phone_shows_what_is_typed(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.locator("#f-reply").fill("第二杯半价")
    expect(page.locator(".phone-chat [data-preview-of=reply]")).to_have_text("第二杯半价")


def test_the_picker_is_used_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.locator(".account-picker-button").click()
    page.locator(".picker-option").nth(499).wait_for(state="attached")
    page.keyboard.type("门店 49")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/a/00000000-0000-0000-0000-00000000009f/kpi$"))


def test_what_cannot_be_undone_asks_first(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="归档").click()
    expect(page.locator("#confirm")).to_contain_text("要归档 3 条规则吗？")
    page.locator("#confirm").get_by_role("button", name="取消").click()
    assert sent == []
    page.get_by_role("button", name="归档").click()
    with page.expect_request(re.compile("save")):
        page.locator("#confirm").get_by_role("button", name="归档").click()


def test_ticked_rows_are_counted_in_the_question(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.locator("[data-tick]").nth(0).check()
    page.locator("[data-tick]").nth(1).check()
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    page.get_by_role("button", name="停用", exact=True).click()
    expect(page.locator("#confirm")).to_contain_text("要停用 2 家门店吗？")


def test_the_chart_is_drawn_and_handed_out(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.locator("#chart [data-drawn]").wait_for()
    page.locator("#chart .chart-head button").first.click()
    with page.expect_download() as waiting:
        page.locator("#chart [data-chart-save=csv]").click()
    rows = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()

    assert rows[:2] == [",新增,取消", "1月,1200,200"]
    assert rows[6] == "6月,,800"


def test_the_address_names_the_filters_that_are_set(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.locator(".filters select[name=status]").select_option("on")
    page.wait_for_url(re.compile(r"/kpi\?status=on$"))


def test_the_theme_is_remembered(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.locator(".user-menu > button").click()
    page.locator(".user-menu [data-theme-switch]").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_counts_in_the_menu_are_live(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    expect(page.locator(".side-link [data-count=inbox]")).to_have_text("13")
    expect(page.locator(".side-link [data-count=home]")).to_be_hidden()


def test_a_lost_line_is_said(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.evaluate("document.body.addEventListener('live:inbox', () => { document.body.dataset.heard = 1 })")
    expect(page.locator("body[data-heard]")).to_be_attached(timeout=10_000)
    page.context.set_offline(True)
    expect(page.locator("[data-live-lost]")).to_be_visible(timeout=10_000)
    page.context.set_offline(False)
    expect(page.locator("[data-live-lost]")).to_be_hidden(timeout=10_000)


PROBE = """() => {
  const part = Object.assign(document.createElement("div"), { id: "probe", innerHTML: "<p data-old>?</p>" });
  Object.assign(part.dataset, { renew: "probe" });
  for (const [name, value] of [["hx-get", location.pathname], ["hx-trigger", "renew"], ["hx-select", "h1"]]) {
    part.setAttribute(name, value);
  }
  document.body.append(part);
  htmx.process(part);
}"""
RENEW = """() => document.body.dispatchEvent(new CustomEvent("live:any", { detail: { topic: "probe" } }))"""


def renew(page: Page) -> None:
    """An event comes for the probe, and what it asks for is there."""
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        page.evaluate(RENEW)
    page.wait_for_timeout(300)


def test_nothing_takes_the_place_of_what_one_is_asked_about(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.evaluate(PROBE)
    page.evaluate("document.getElementById('confirm').showModal()")
    renew(page)
    expect(page.locator("#probe [data-old]")).to_be_attached()
    page.locator("#confirm [value=no]").click()
    expect(page.locator("#probe h1")).to_be_attached()


def test_nothing_takes_the_place_of_what_is_being_pressed(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.evaluate(PROBE)
    page.evaluate("performance.now = () => 5000")
    page.locator("#probe [data-old]").scroll_into_view_if_needed()
    page.locator("#probe [data-old]").hover()
    page.mouse.down()
    renew(page)
    expect(page.locator("#probe [data-old]")).to_be_attached()
    page.mouse.up()
    expect(page.locator("#probe h1")).to_be_attached()


SWAPPED = """() => {
  const put = () => {
    const part = Object.assign(document.createElement("div"), { id: "probe" });
    Object.assign(part.dataset, { renew: "probe", pause: 200 });
    part.addEventListener("renew", () => {
      document.body.dataset.renewed = Number(document.body.dataset.renewed ?? 0) + 1;
      part.remove();
      put();
    });
    document.body.append(part);
  };
  put();
  for (let i = 0; i < 5; i += 1) {
    document.body.dispatchEvent(new CustomEvent("live:any", { detail: { topic: "probe" } }));
  }
}"""


def test_a_part_that_is_replaced_misses_no_last_event(page: Page, address: str) -> None:
    page.goto(f"{address}/kpi")
    page.evaluate(SWAPPED)
    expect(page.locator("body[data-renewed='2']")).to_be_attached()
    page.wait_for_timeout(500)
    expect(page.locator("body[data-renewed='2']")).to_be_attached()
