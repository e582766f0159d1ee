"""The one place that reads XML from outside (docs/protocol.md, 3).

A callback is a small record: no declarations, no repeated fields, no depth. Everything else is refused before it can
become a surprise further down.
"""

from __future__ import annotations

import re
from typing import NoReturn
from xml.parsers import expat

MAX_DEPTH = 6
MAX_ITEMS = 100
LISTS = frozenset({"item", "List", "fail_idx"})

Value = str | dict[str, "Value"] | list["Value"]
Tree = dict[str, Value]

# What nearly every callback is: `<xml>` with fields of text. No group may run past the next bracket or ampersand, and
# what XML forbids isn't taken: whatever else there is goes to expat.
_ILLEGAL = r"\x00-\x08\x0b-\x1f\ufffe\uffff"
_FIELD = re.compile(
    rf"[ \t\n]*<([A-Za-z_][A-Za-z0-9_]*)>(?:<!\[CDATA\[([^\]{_ILLEGAL}]*)\]\]>|([^<>&\]{_ILLEGAL}]*))</\1>"
)
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Forbidden(Exception):
    """The document uses what no callback needs: a declaration, a repeated field, too much depth."""


class Malformed(Exception):
    """The document isn't UTF-8, isn't well-formed, or isn't an `<xml>`."""


def read(body: bytes) -> Tree:
    """The children of `<xml>`: text as str, elements as dict, the known lists always as list.

    Raises Forbidden or Malformed.
    """
    text = _decode(body)
    flat = _read_flat(text)
    return _read_any(text) if flat is None else flat


def flatten(tree: Tree) -> dict[str, str]:
    """Every text of the tree by its path, `SendPicsInfo.PicList.item.0.PicMd5Sum` for example."""
    flat: dict[str, str] = {}
    _flatten_into(flat, "", tree)
    return flat


def find(tree: Tree, path: str) -> Value | None:
    """What stands at `A/B/C`, or None."""
    value: Value | None = tree
    for name in path.split("/"):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def _decode(body: bytes) -> str:
    try:
        return body.decode().removeprefix("\ufeff")  # as the codec utf-8-sig, which is slower
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None


def _read_flat(text: str) -> Tree | None:
    """The tree that expat would build, or None when that can't be known from the flat form alone."""
    if not text.startswith("<xml>"):
        return None
    tree: Tree = {}
    position, fields = len("<xml>"), 0
    while (field := _FIELD.match(text, position)) is not None:
        name, quoted, plain = field.groups()
        tree[name] = plain if quoted is None else quoted
        position, fields = field.end(), fields + 1
    return tree if fields == len(tree) and text[position:].strip(" \t\n") == "</xml>" else None


def _read_any(text: str) -> Tree:
    _refuse_declarations(text)
    # Expat takes a NUL among the first signs for UTF-16, whatever encoding it is told.
    if "\0" in text:
        raise Malformed("NUL")
    return _Builder().run(text)


def _refuse_declarations(text: str) -> None:
    # A fan may well type "<!DOCTYPE html>": that stands in CDATA and is no declaration.
    if _DECLARATION.search(text) and _DECLARATION.search(_outside_cdata(text)):
        raise Forbidden("declaration")


def _outside_cdata(text: str) -> str:
    parts, position = [], 0
    while (start := text.find("<![CDATA[", position)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts.append(text[position:start])
        position = end + 3
    return "".join(parts) + text[position:]


def _flatten_into(flat: dict[str, str], path: str, value: Value) -> None:
    if isinstance(value, str):
        flat[path] = value
        return
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, child in items:
        _flatten_into(flat, f"{path}.{name}" if path else str(name), child)


class _Builder:
    """Expat's handlers: a stack of open elements, each with its children, and the text seen since the last one began."""

    __slots__ = ("_open", "_root", "_texts")

    def __init__(self) -> None:
        self._open: list[tuple[str, Tree]] = []
        self._texts: list[str] = []
        self._root: Tree | None = None

    def run(self, text: str) -> Tree:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.ordered_attributes = True  # nobody reads them: a list is made faster than a dict
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._texts.append
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_declaration
        try:
            parser.Parse(text.encode(), True)  # noqa: FBT003  # expat takes it by position only
        except expat.ExpatError:
            raise Malformed("not well-formed") from None
        if self._root is None:
            raise Malformed("no <xml>")
        return self._root

    def _start(self, name: str, _attributes: list[str]) -> None:
        opened = self._open
        if not opened and name != "xml":
            raise Malformed("no <xml>")
        if len(opened) >= MAX_DEPTH:
            raise Forbidden("depth")
        opened.append((name, {}))
        self._texts.clear()

    def _end(self, name: str) -> None:
        opened = self._open
        children = opened.pop()[1]
        if not opened:
            self._root = children
            return
        # What stands between the children of an element is nobody's text.
        value: Value = children or "".join(self._texts)
        siblings = opened[-1][1]
        if name in LISTS and len(opened) > 1:
            _append(siblings, name, value)
        elif name in siblings:
            raise Forbidden("repeated field")
        else:
            siblings[name] = value


def _append(siblings: Tree, name: str, value: Value) -> None:
    items = siblings.setdefault(name, [])
    if not isinstance(items, list) or len(items) >= MAX_ITEMS:
        raise Forbidden("too many items")
    items.append(value)


def _refuse_declaration(*_: object) -> NoReturn:
    raise Forbidden("declaration")
