"""Every page of the demo, in both sizes, as the person whom it is for sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.journeys.browser import SIZES, Visitor, serious
from tests.pages import PAGES, Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
IN_ENGLISH = ("headquarters", "home-store", "rule", "login")
DRAWN = """
() => {
  const family = getComputedStyle(document.body).fontFamily;
  const drawn = (letter) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
    const pen = canvas.getContext("2d");
    pen.font = `48px ${family}`;
    pen.fillText(letter, 8, 48);
    return canvas.toDataURL();
  };
  return ["店", "铺", "\\u{10fffe}", " "].map(drawn);
}
"""


@pytest.mark.parametrize("visit", PAGES, ids=lambda visit: visit.name)
def test_the_page_is_sound(visitor: Visitor, visit: Visit) -> None:
    opened = visitor.open(visit, "desk")
    found = {}
    for size in SIZES:
        opened.resize(size)
        found[size] = opened.complaints(visit) + serious(opened.page)
    opened.page.close()
    assert found == {size: [] for size in SIZES}


@pytest.mark.parametrize("visit", [visit for visit in PAGES if visit.name in IN_ENGLISH], ids=lambda visit: visit.name)
def test_the_frame_speaks_english(visitor: Visitor, visit: Visit) -> None:
    opened = visitor.open(visit, "desk", "en")
    language = opened.page.evaluate("document.documentElement.lang")
    texts = opened.page.locator(".side-link span, .page-head-actions .btn, .form-label").all_inner_texts()
    found = opened.complaints(visit)
    opened.page.close()
    assert (language, found, [text for text in texts if is_chinese(text)]) == ("en", [], [])


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_a_chinese_glyph_is_really_drawn(visitor: Visitor) -> None:
    page: Page = visitor.open(PAGES[0], "desk").page
    shop, store, missing, blank = page.evaluate(DRAWN)
    page.close()
    assert len({shop, store, missing, blank}) == 4
