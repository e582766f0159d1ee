"""A real browser before the gallery of all parts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.saas.web.gallery import ACCOUNT, TENANT, gallery_app, serving

PHONE, DESK = (390, 844), (1440, 900)
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "no browser: apt-get install chromium, or name one in CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The account's address in the gallery."""
    with serving(gallery_app()) as url:
        yield f"{url}/t/{TENANT.id}/a/{ACCOUNT.id}"


@pytest.fixture(scope="module")
def windows(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts by size and theme; shared, so that the libraries are fetched once."""

    @cache
    def opened(width: int, height: int, theme: str) -> BrowserContext:
        size = {"width": width, "height": height}
        context = chromium.new_context(viewport=size, color_scheme=theme, locale="zh-CN", accept_downloads=True)
        context.add_init_script(WATCH)
        return context

    yield opened
    for context in chromium.contexts:
        context.close()


@pytest.fixture
def page(windows: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page; may be told its size and theme by an indirect parameter."""
    size, theme = getattr(request, "param", (DESK, "light"))
    page = windows(*size, theme).new_page()
    yield page
    page.evaluate("localStorage.clear()")
    page.close()
