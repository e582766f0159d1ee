"""A visitor with a browser: logged in once per role, with everything that goes wrong on a page written down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, expect

from saas.web.assets import LIBRARIES
from tests.chromium import WATCH
from tests.journeys.acts import ACTS
from tests.journeys.product import Product
from tests.pages import INVITATION, OWN, PAGES, SCAN, SCAN_BACK, SIMULATOR, STORE, Visit, link_pattern, page_rules

SIZES = {"desk": (1440, 900), "phone": (390, 844)}
AXE = {"runOnly": ["wcag2a", "wcag2aa"], "resultTypes": ["violations"], "preload": False}
GENEROUS = 30_000
MISSING = "0190a3c2-0000-7000-8000-000000000000"


@dataclass
class Opened:
    """A page that was opened, and what the browser complained about."""

    page: Page
    status: int = 0
    faults: list[str] = field(default_factory=list)

    def resize(self, size: str) -> None:
        """Gives the window another size and waits until the page has followed."""
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        settle(self.page)

    def complaints(self, visit: Visit) -> list[str]:
        """What must not be: another status, errors in the console, offences against the policy, a page wider than the screen."""
        found = list(self.faults) if visit.status == 200 and not visit.act.startswith("send_") else []
        if self.status != visit.status:
            found.append(f"status {self.status} instead of {visit.status}")
        found += [f"policy: {one}" for one in self.page.evaluate("window.violations")]
        if not self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append("wider than the screen")
        return found


class Visitor:
    """Opens pages as the role that they are for."""

    def __init__(self, browser: Browser, product: Product, app: Flask) -> None:
        self.browser, self.product = browser, product
        self._rules = page_rules(app.url_map)
        self._urls = app.url_map.bind("")
        self.context = cache(self._context)
        self._state = cache(self._logged_in)
        self._landing = cache(self._landing_of)
        self._address = cache(self._address_of)

    def new_context(self, role: str | None, size: str, language: str = "zh") -> BrowserContext:
        """A window of its own for one who is logged in."""
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN" if language == "zh" else "en-US",
            base_url=self.product.url,
            storage_state=self._state(role) if role else None,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            color_scheme="light",
        )
        context.set_default_timeout(GENEROUS)
        context.add_init_script(WATCH)
        if language != "zh":
            context.add_cookies([{"name": "language", "value": language, "url": self.product.url}])
        return context

    def open(self, visit: Visit, size: str, language: str = "zh") -> Opened:
        """Opens the page and waits until it is drawn."""
        address = self._address(visit)
        opened = Opened(self.context(visit.role, size, language).new_page())
        page = opened.page
        page.on("pageerror", lambda error: opened.faults.append(str(error)))
        page.on("console", lambda line: opened.faults.append(line.text) if line.type == "error" else None)
        answer = page.goto(address, wait_until="load")
        opened.status = answer.status if answer else 0
        settle(page)
        if visit.act:
            ACTS[visit.act](page)
            settle(page)
        return opened

    def _context(self, role: str | None, size: str, language: str = "zh") -> BrowserContext:
        return self.new_context(role, size, language)

    def _logged_in(self, role: str) -> object:
        login = self.product.login(role)
        context = self.browser.new_context(base_url=self.product.url, locale="zh-CN")
        page = context.new_page()
        page.goto("/login")
        page.fill("#f-login", login["login"])
        page.fill("#f-password", login["password"])
        page.click(".door .btn-primary")
        page.wait_for_url(lambda url: "/login" not in url)
        state = context.storage_state()
        context.close()
        return state

    def _get(self, role: str | None, path: str) -> APIResponse:
        return self.context(role, "desk").request.get(path)

    def _landing_of(self, role: str) -> str:
        """The account on which the role lands."""
        answer = self._get(role, f"/t/{self.product.brand['id']}/")
        return str(re.findall(r"/a/([0-9a-f-]{36})", answer.url)[0])

    def _known(self, visit: Visit) -> dict[str, str]:
        account = self._landing(visit.role) if visit.node == OWN else self.product.account(visit.node)["id"]
        return {"tenant_id": self.product.brand["id"], "account_id": account}

    def _address_of(self, visit: Visit) -> str:
        if visit.endpoint == SIMULATOR:
            return self.product.simulator_url
        if visit.endpoint == INVITATION:
            return self.invitation()
        if visit.endpoint in (SCAN, SCAN_BACK):
            return self.scan_link() if visit.endpoint == SCAN else self.way_back()
        rule = self._rules[visit.endpoint]
        known = (
            {name: value for name, value in self._known(visit).items() if name in rule.arguments} if visit.role else {}
        )
        if visit.found_on:
            return self._find_link(visit, known)
        rest = dict.fromkeys(rule.arguments - set(known), MISSING)
        return self._urls.build(visit.endpoint, known | rest) + (f"?{visit.query}" if visit.query else "")

    def _find_link(self, visit: Visit, known: dict[str, str]) -> str:
        shown = next((one for one in PAGES if one.name == visit.found_on), None)
        source = self._urls.build(visit.found_on, known) if shown is None else self._address(shown)
        links = link_pattern(self._rules[visit.endpoint], **known).findall(self._get(visit.role, source).text())
        assert links, f"no link to {visit.endpoint} on {source}"
        return str(links[0])

    def invitation(self) -> str:
        """The link of an invitation that headquarters has just made for a store's manager."""
        known = {"tenant_id": self.product.brand["id"], "account_id": self.product.account(STORE)["id"]}
        form = self._get("brand_hq", self._urls.build("accounts.settings.person_new", known)).text()
        answer = self.context("brand_hq", "desk").request.post(
            self._urls.build("accounts.settings.person_invite", known, method="POST"),
            form={
                "csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', form)[0],
                "name": "苏晚晴",
                "role": "store_manager",
                "account_ids[]": known["account_id"],
            },
        )
        return str(re.findall(r'data-copy="([^"]+/invitations/[^"]+)"', answer.text())[0])

    def scan_link(self) -> str:
        """The link by which a store's account is connected, as headquarters hands it out."""
        known = {"tenant_id": self.product.brand["id"], "account_id": self.product.account(STORE)["id"]}
        page = self._get("brand_hq", self._urls.build("accounts.scan", known)).text()
        return str(re.findall(r'data-copy="([^"]+/authorise/[^"]+)"', page)[0])

    def way_back(self) -> str:
        """Where WeChat's page leads back to, with a code that WeChat does not know."""
        started = self.context(None, "desk").request.get(f"{self.scan_link()}/computer", max_redirects=0)
        (address,) = parse_qs(urlsplit(started.headers["location"]).query)["redirect_uri"]
        return f"{address}?auth_code=unknown&expires_in=600"


def settle(page: Page) -> None:
    """Waits until charts are drawn, fragments have come and fonts are there."""
    expect(page.locator("[data-chart-canvas]:not([data-drawn])")).to_have_count(0, timeout=GENEROUS)
    expect(page.locator(".htmx-request")).to_have_count(0, timeout=GENEROUS)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical, each with the first place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((LIBRARIES / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("options => axe.run(document, options)", AXE)["violations"]
    grave = [one for one in found if one["impact"] in {"serious", "critical"}]
    return [f"{one['id']} ×{len(one['nodes'])}: {one['nodes'][0]['html'][:300]}" for one in grave]
