"""No page without a picture and an examination: the list of pages against the URL map."""

from __future__ import annotations

from flask import Flask

from tests.pages import NOT_PAGES, PAGES, SIMULATOR, page_rules


def test_every_page_is_listed(app: Flask) -> None:
    listed = {visit.endpoint for visit in PAGES} - {SIMULATOR}
    missing = set(page_rules(app.url_map)) - listed - set(NOT_PAGES)
    assert missing == set(), "add them to PAGES in tests/pages.py, or say in NOT_PAGES why nobody looks at them"


def test_nothing_listed_is_gone(app: Flask) -> None:
    listed = {visit.endpoint for visit in PAGES} - {SIMULATOR} | set(NOT_PAGES)
    assert listed - set(page_rules(app.url_map)) == set()


def test_no_picture_overwrites_another() -> None:
    names = [visit.name for visit in PAGES]
    assert len(names) == len(set(names))
