"""The live page: strict headers, both languages, and a stream that ends with the play."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.replay.page import STATIC, Page, answer_to, render
from benchmarks.replay.words import WORDS
from tests.chromium import WATCH
from tests.factories.loops import run

ACCOUNT = {"refused": {"503": 1204}, "question": [1, 24], "total": 10, "is_done": True}


def test_both_languages_have_the_same_words() -> None:
    assert set(WORDS["zh"]) == set(WORDS["en"])
    assert all(value for words in WORDS.values() for value in words.values())


@pytest.mark.parametrize(("query", "language"), [("", "zh-CN"), ("lang=en", "en"), ("lang=fr", "zh-CN")])
def test_the_page_is_in_the_language_asked_for(query: str, language: str) -> None:
    page = render(query)
    assert f'<html lang="{language}">' in page
    assert "{{" not in page


def test_nothing_foreign_and_nothing_inline_may_run() -> None:
    answer = answer_to("GET", "/", "").decode()
    assert "default-src 'none'; script-src 'self'" in answer
    assert not re.search(r"<script(?! src=)|style=|\son\w+=", answer)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/page.js", 200), ("GET", "/page.css", 200), ("GET", "/../run.py", 404), ("POST", "/", 405)],
)
def test_only_its_files_are_served(method: str, path: str, status: int) -> None:
    assert answer_to(method, path, "").startswith(f"HTTP/1.1 {status} ".encode())


def test_every_figure_of_the_page_is_told(state: dict[str, Any]) -> None:
    shown = set(re.findall(r'data-(?:value|chart)="(\w+)"', (STATIC / "page.html").read_text()))
    assert shown <= set(state)


def test_the_stream_ends_with_the_play(state: dict[str, Any]) -> None:
    assert run(told(state)) == [{**state, "is_done": True}]


@pytest.mark.browser
def test_the_page_shows_the_figures_on_a_phone_and_its_policy_refuses_nothing(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.add_init_script(WATCH)
    page.goto(address)
    expect(page.locator("[data-value=sent]")).to_have_text("1")
    assert page.locator("#state").text_content() == WORDS["zh"]["done"]
    assert page.locator("[data-value=refused]").text_content() == "503: 1,204"
    assert page.evaluate("window.violations") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


@pytest.fixture
def address(state: dict[str, Any]) -> Iterator[str]:
    loop, page = asyncio.new_event_loop(), Page(lambda: state)
    served = threading.Thread(target=loop.run_forever)
    served.start()
    yield asyncio.run_coroutine_threadsafe(page.open(0), loop).result(10)
    loop.call_soon_threadsafe(page.close)
    loop.call_soon_threadsafe(loop.stop)
    served.join()
    loop.close()


@pytest.fixture
def state() -> dict[str, Any]:
    names = "per_second p50_ms p99_ms backlog_rows backlog_seconds not_ok elapsed question fans sent doubles answered"
    return {**dict.fromkeys([*names.split(), "under_way", "again", "lost"], 1), **ACCOUNT}


async def told(state: dict[str, Any]) -> list[dict[str, Any]]:
    page = Page(lambda: state)
    port = int((await page.open(0)).split(":")[2].strip("/"))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /events HTTP/1.1\r\n\r\n")
    answer = (await reader.read()).decode()
    writer.close()
    page.close()
    return [json.loads(line.removeprefix("data: ")) for line in answer.splitlines() if line.startswith("data: ")]
