"""A real browser before the gallery of all parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.chromium import WATCH
from tests.saas.web.gallery import ACCOUNT, TENANT, gallery_app, serving

PHONE, DESK = (390, 844), (1440, 900)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The account's address in the gallery."""
    with serving(gallery_app()) as url:
        yield f"{url}/t/{TENANT.id}/a/{ACCOUNT.id}"


@pytest.fixture(scope="module")
def windows(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts by size and theme; shared, so that the libraries are fetched once."""

    mine: dict[tuple[int, int, str], BrowserContext] = {}

    def opened(width: int, height: int, theme: str) -> BrowserContext:
        if (width, height, theme) not in mine:
            size = {"width": width, "height": height}
            context = chromium.new_context(viewport=size, color_scheme=theme, locale="zh-CN", accept_downloads=True)
            context.add_init_script(WATCH)
            mine[width, height, theme] = context
        return mine[width, height, theme]

    yield opened
    for context in mine.values():
        context.close()


@pytest.fixture
def page(windows: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page; may be told its size and theme by an indirect parameter."""
    size, theme = getattr(request, "param", (DESK, "light"))
    page = windows(*size, theme).new_page()
    yield page
    page.evaluate("localStorage.clear()")
    page.close()
