"""What is done on a page before one looks at it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect


def send_empty(page: Page) -> None:
    """Sends the form as it is: it must say what is missing."""
    page.locator("main form.form .form-actions .btn-primary").first.click()
    expect(page.locator(".has-error").first).to_be_visible()


def try_a_message(page: Page) -> None:
    """Asks the tester something that a fan would ask."""
    page.fill("#try-text", "请问你们几点关门？")
    page.click(".rule-tester .btn-primary")
    expect(page.locator("#trial .bubble-robot").first).to_be_visible()


def open_picker(page: Page) -> None:
    """Opens the list of accounts."""
    page.click(".account-picker-button")
    expect(page.locator(".picker-option").first).to_be_visible()


def talk(page: Page) -> None:
    """Follows the account and asks two things."""
    page.wait_for_selector("body[data-ready]")
    become_new_fan(page, "阿岚")
    page.locator("#profile-follow").click()
    expect(page.locator(".theirs").first).to_be_visible()
    for text in ("你好", "几点关门？"):
        answers = page.locator(".theirs").count()
        say(page, text)
        expect(page.locator(".theirs")).not_to_have_count(answers)


def open_authorisation(page: Page) -> None:
    """Goes to the page on which WeChat asks an owner, with a link as our platform would make it."""
    origin = page.evaluate("location.origin")
    made = page.request.post(f"{origin}/_sim/component/link", data={"redirect_uri": "http://127.0.0.1/back"})
    page.goto(origin + made.json()["computer"])
    expect(page.locator("[name=set]").first).to_be_checked()


def read_templates(page: Page) -> None:
    """Has the templates read from WeChat, where nobody has yet."""
    unread = page.locator("main .empty-state .btn-primary")
    if unread.is_visible():
        unread.click()
    expect(page.locator(".template-beside")).to_be_visible(timeout=30_000)  # by a job, and asked for every two seconds


def become_new_fan(page: Page, name: str) -> None:
    """A stranger holds the phone."""
    narrow = page.locator(".phone-head [data-open=people]")
    if narrow.is_visible():
        narrow.click()
    page.fill("#new-fan-name", name)
    page.click("#new-fan button")
    expect(page.locator("#profile-follow")).to_be_visible()


def say(page: Page, text: str) -> None:
    """Types a message and sends it."""
    page.fill("#text", text)
    page.press("#text", "Enter")


ACTS: dict[str, Callable[[Page], None]] = {
    act.__name__: act for act in (send_empty, try_a_message, open_picker, read_templates, talk, open_authorisation)
}
