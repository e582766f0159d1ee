"""A fan asks for a person: answered on the page, read on the phone, counted; and what is told when it can't be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, expect

from tests.factories.processes import wait_for
from tests.journeys.acts import say
from tests.journeys.browser import GENEROUS, Visitor
from tests.journeys.test_story import address, enter, follow, phone_of_a_new_fan

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
SEND = "/cgi-bin/message/custom/send"


@pytest.fixture
def windows(visitor: Visitor) -> Iterator[list[BrowserContext]]:
    """Windows of this test; closed afterwards."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def asked_for_a_person(visitor: Visitor, windows: list[BrowserContext]) -> tuple[Page, Page]:
    """The phone of a new fan, and the conversation before a person of headquarters."""
    phone = phone_of_a_new_fan(visitor, windows)
    follow(phone)
    page = enter(visitor, windows, "brand_hq")
    page.goto(address(visitor, "store", "inbox"))
    before = page.locator("tbody tr").count()
    say(phone, "转人工")
    expect(page.locator("tbody tr")).to_have_count(before + 1, timeout=GENEROUS)
    page.locator("tbody th a").last.click()
    page.wait_for_selector("#reply-text")
    return phone, page


def answer(page: Page, words: str) -> None:
    page.fill("#reply-text", words)
    page.press("#reply-text", "Control+Enter")


def replies_human(visitor: Visitor) -> int:
    """What programs read of the store's present month."""
    product = visitor.product
    mine = [
        one for one in product.demo["tokens"] if one["tenant_id"] == product.brand["id"] and one["role"] == "brand_hq"
    ]
    account = product.account("store")["id"]
    found = requests.get(
        f"{product.url}/api/v1/tenants/{product.brand['id']}/kpi/monthly",
        params={"account_id": account},
        headers={"Authorization": f"Bearer {mine[0]['token']}"},
        timeout=10,
    ).json()["items"]
    return int(next(one for one in found if one["account_id"] == account)["own"]["replies_human"])


def test_an_answer_reaches_the_phone_and_is_counted(visitor: Visitor, windows: list[BrowserContext]) -> None:
    counted = replies_human(visitor)
    phone, page = asked_for_a_person(visitor, windows)
    expect(page.locator("#reply-allowed time[data-until]")).not_to_be_empty()
    answer(page, "您好，我是值班店长，马上帮您看")
    expect(page.locator("#chat-now .chat-fate-done")).to_be_visible(timeout=GENEROUS)
    expect(phone.locator(".theirs").last).to_contain_text("我是值班店长")
    expect(page.locator("#conversation-facts")).to_contain_text("接待中")
    expect(page.locator("#conversation-facts")).to_contain_text("首响时长", timeout=GENEROUS)
    expect(page.locator("#reply-text")).to_have_value("")
    assert replies_human(visitor) == counted + 1
    page.locator("#conversation-act button").click()
    page.wait_for_url("**/inbox")


def test_what_may_not_have_arrived_waits_for_a_person(visitor: Visitor, windows: list[BrowserContext]) -> None:
    phone, page = asked_for_a_person(visitor, windows)
    fault = {"app_id": visitor.product.account("store")["app_id"], "path": SEND, "kind": "reset"}
    assert requests.post(f"{visitor.product.simulator_url}/_sim/faults", json=fault, timeout=10).ok
    answer(page, "门店每天八点开门")
    expect(page.locator("#chat-now .chat-fate-unknown")).to_be_visible(timeout=GENEROUS)
    conversation = page.url
    page.goto(address(visitor, "store", "inbox/undelivered?state=unknown"))
    row = page.locator("tbody tr", has_text="门店每天八点开门")
    row.get_by_role("button", name="作为新消息重发").click()
    page.click("#confirm [value=yes]")
    expect(row).to_have_count(0, timeout=GENEROUS)
    expect(phone.locator(".theirs", has_text="门店每天八点开门")).to_have_count(
        2, timeout=GENEROUS
    )  # the first had arrived
    page.goto(conversation)
    wait_for(
        lambda: page.reload() is not None and is_shown(page, "#chat-now .chat-fate-done"), "the second is shown as sent"
    )


def is_shown(page: Page, selector: str) -> bool:
    """Whether it is on the page as it stands."""
    return page.locator(selector).count() > 0


def test_nothing_goes_to_one_who_has_long_been_silent(visitor: Visitor, windows: list[BrowserContext]) -> None:
    page = enter(visitor, windows, "brand_hq")
    page.goto(address(visitor, "central", "inbox"))
    page.locator("tbody th a").first.click()
    expect(page.locator("#reply-allowed[data-closed]")).to_be_visible()
    expect(page.locator("#reply-text")).to_be_hidden()
    other = next(one for one in visitor.product.demo["tenants"] if one["id"] != visitor.product.brand["id"])
    foreign = page.url.replace(visitor.product.brand["id"], other["id"])
    answered = page.request.get(foreign)
    assert answered.status == 404
