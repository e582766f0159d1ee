"""The one place that reads XML from outside (docs/protocol.md, 3).

A callback is a small record: no declarations, no repeated fields, no depth. Everything else is refused before it can
become a surprise further down.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

MAX_DEPTH = 6
MAX_ITEMS = 100
LISTS = frozenset({"item", "List", "fail_idx"})

Value = str | dict[str, "Value"] | list["Value"]
Tree = dict[str, Value]

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
    _refuse_declarations(text)
    return _Builder().run(text)


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
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None


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
    """Expat's handlers: a stack of open elements, each a tree and the text seen so far."""

    def __init__(self) -> None:
        self._open: list[tuple[str, Tree, list[str]]] = []
        self._root: Tree | None = None

    def run(self, text: str) -> Tree:
        parser = expat.ParserCreate(encoding="utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._declaration
        parser.EntityDeclHandler = self._declaration
        try:
            parser.Parse(text.encode(), True)  # noqa: FBT003  # expat takes it by position only
        except expat.ExpatError:
            raise Malformed("not well-formed") from None
        if self._root is None:
            raise Malformed("no <xml>")
        return self._root

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if not self._open and name != "xml":
            raise Malformed("no <xml>")
        if len(self._open) >= MAX_DEPTH:
            raise Forbidden("depth")
        self._open.append((name, {}, []))

    def _text(self, data: str) -> None:
        self._open[-1][2].append(data)

    def _end(self, _name: str) -> None:
        name, children, texts = self._open.pop()
        if not self._open:
            self._root = children
            return
        self._add(name, children or "".join(texts))

    def _add(self, name: str, value: Value) -> None:
        parent = self._open[-1][1]
        if name in LISTS and len(self._open) > 1:
            _append(parent, name, value)
        elif name in parent:
            raise Forbidden("repeated field")
        else:
            parent[name] = value

    def _declaration(self, *_: Any) -> None:
        raise Forbidden("declaration")


def _append(parent: Tree, name: str, value: Value) -> None:
    items = parent.setdefault(name, [])
    if not isinstance(items, list) or len(items) >= MAX_ITEMS:
        raise Forbidden("too many items")
    items.append(value)
