"""Every sentence has its Chinese; every placeholder stands in both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.architecture.sources import ROOT

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "_n": (1, 2),
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w*)\}")


@cache
def catalogue() -> dict[str, str]:
    """All Chinese sentences by their English."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.glob("translations/*/zh/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and not message.fuzzy:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    text = message.string if isinstance(message.string, str) else message.string[0]
                    if text:
                        found.setdefault(key, text)
    return found


@cache
def sentences() -> tuple[tuple[str, str], ...]:
    """(place, English) of every sentence in code and templates."""
    return tuple(_sentences())


def _sentences() -> Iterator[tuple[str, str]]:
    for folder in ("saas", "tenants", "templates"):
        rows = extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS)
        for name, line, message, _comments, _context in rows:
            yield f"{folder}/{name}:{line}", message if isinstance(message, str) else message[0]


def test_every_sentence_is_translated() -> None:
    assert len(sentences()) > 100
    assert [f"{place}: {text}" for place, text in sentences() if text not in catalogue()] == []


def test_placeholders_are_kept() -> None:
    wrong = [(a, b) for a, b in catalogue().items() if set(PLACEHOLDER.findall(a)) != set(PLACEHOLDER.findall(b))]
    assert wrong == []
