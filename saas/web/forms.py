"""Forms from marshmallow schemas: one schema serves the page and the API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError
from werkzeug.datastructures import MultiDict

from saas.errors import Invalid, Sentence
from saas.web.sentences import in_words

_PART = re.compile(r"[^.\[\]]+")
_PLACE = re.compile(r"[0-9]{1,9}")
DEEPEST = 8
"""How far names may nest; no form of ours goes beyond three."""


class Form:
    """What a person typed, and what is wrong with it. Names with dots and numbers nest: `triggers.0.value`."""

    def __init__(self, schema: Schema, values: Mapping[str, Any] | None = None) -> None:
        self.schema = schema
        self.values: dict[str, Any] = dict(values or {})
        self.errors: dict[str, list[Sentence]] = {}

    @classmethod
    def of(cls, schema: Schema, row: object) -> Form:
        """The form filled from an object."""
        return cls(schema, schema.dump(row))

    def load(self) -> dict[str, Any]:
        """Reads and checks the request's form; raises Invalid, and keeps the input and the sentences to show again."""
        self.values = {**self.values, **nested(request.form)}
        try:
            loaded: dict[str, Any] = self.schema.load(self.values, unknown=EXCLUDE)
        except ValidationError as error:
            raise self.refuse(Invalid(flattened(error.normalized_messages()))) from None
        return loaded

    def refuse(self, error: Invalid) -> Invalid:
        """Takes the sentences of an error over, to stand beside their fields."""
        self.errors = dict(error.fields)
        return error

    def value(self, name: str, default: Any = "") -> Any:
        """The value at a path of names, as typed."""
        found: Any = self.values
        for part in _PART.findall(name):
            found = _step(found, part)
        return default if found is None else found

    def sentences(self, name: str) -> list[Sentence]:
        """What is wrong with a field."""
        return self.errors.get(name, [])

    @property
    def version(self) -> int | None:
        """The version that the person saw, from the hidden field."""
        return _version(str(self.values.get("version") or ""))


def seen_version() -> int | None:
    """The version in the hidden field of a form that has no other: archive, delete."""
    return _version(request.form.get("version", ""))


def nested(form: MultiDict[str, str]) -> dict[str, Any]:
    """`{"a.0.b": "x"}` as `{"a": [{"b": "x"}]}`; a name ending in `[]` collects a list; empty strings become None."""
    tree: dict[str, Any] = {}
    for name in form:
        parts = _PART.findall(name)
        if name == "csrf_token" or len(parts) > DEEPEST:
            continue
        sent = form.getlist(name)
        # Of a name sent twice the last counts: a ticked box comes after its hidden "false".
        values: Any = [value for value in sent if value] if name.endswith("[]") else sent[-1] or None
        _place(tree, parts, values)
    return {key: _listed(value) for key, value in tree.items()}


def flattened(messages: Any, prefix: str = "") -> dict[str, list[Sentence]]:
    """Marshmallow's nested messages as `{"triggers.0.value": [...]}`; `_schema` stands for the whole form."""
    if not isinstance(messages, Mapping):  # a lazily translated sentence is neither a string nor a list
        return {prefix: [in_words(one) for one in (messages if isinstance(messages, list) else [messages])]}
    found: dict[str, list[Sentence]] = {}
    for key, value in messages.items():
        path = prefix if key == "_schema" and prefix else f"{prefix}.{key}" if prefix else str(key)
        found.update(flattened(value, path))
    return found


def _version(typed: str) -> int | None:
    # Cut: Python refuses to read a number of thousands of digits, and no version has them.
    return int(typed[:18]) if typed.isdecimal() else None


def _place(tree: dict[str, Any], parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        step = tree.setdefault(part, {})
        if not isinstance(step, dict):
            return
        tree = step
    if parts:
        tree[parts[-1]] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(item) for key, item in value.items()}
    if inner and all(_PLACE.fullmatch(key) for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def _step(found: Any, part: str) -> Any:
    if isinstance(found, Mapping):
        return found.get(part)
    if isinstance(found, list) and part.isdecimal() and int(part) < len(found):
        return found[int(part)]
    return None
