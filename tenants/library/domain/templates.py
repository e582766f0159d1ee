"""Message templates of WeChat: words with fields like `{{thing1.DATA}}`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_FIELD = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
_KIND = re.compile(r"[a-z_]+")
LONGEST = 200
LENGTHS: Mapping[str, int] = {
    "thing": 20, "const": 20, "name": 10, "phrase": 5, "character_string": 32, "number": 32, "letter": 32, "symbol": 5,
    "phone_number": 17, "car_number": 8,
}  # fmt: skip
"""How many characters WeChat takes for a kind of field; of the others it says something else than a length."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template of one account, as WeChat tells it."""

    id: str
    title: str
    content: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, what stands before it in the template, and how long it may be."""

    name: str
    label: str
    longest: int


def fields_of(template: Template) -> list[Field]:
    """The fields in their order, each once."""
    found: dict[str, Field] = {}
    for before, name in parts_of(template.content):
        if name and name not in found:
            found[name] = Field(name, _label(before) or name, _longest(name))
    return list(found.values())


def parts_of(content: str) -> Iterator[tuple[str, str]]:
    """The words before each field, and its name; the words after the last have none."""
    at = 0
    for match in _FIELD.finditer(content):
        yield content[at : match.start()], match[1]
        at = match.end()
    yield content[at:], ""


def fill(content: str, data: Mapping[str, str]) -> str:
    """The words as the fan will read them."""
    return "".join(before + data.get(name, "") for before, name in parts_of(content)).strip()


def _label(before: str) -> str:
    return before.rpartition("\n")[2].strip(" ：:\t")


def _longest(name: str) -> int:
    kind = _KIND.match(name)
    return LENGTHS.get(kind[0], LONGEST) if kind else LONGEST
