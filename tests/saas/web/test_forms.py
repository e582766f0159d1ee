"""Forms: names with dots nest, input is kept, sentences stand beside their fields."""

from __future__ import annotations

import pytest
from flask import Flask
from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict

from saas.errors import Invalid
from saas.web.forms import Form, flattened, nested, seen_version


class LineSchema(Schema):
    value = fields.String(required=True)


class SampleSchema(Schema):
    name = fields.String(required=True)
    lines = fields.List(fields.Nested(LineSchema))
    tags = fields.List(fields.String())


def test_names_nest_in_their_order() -> None:
    typed = MultiDict(
        [("lines.10.value", "b"), ("lines.2.value", "a"), ("name", "x"), ("tags[]", "1"), ("tags[]", "2")]
    )
    assert nested(typed) == {"lines": [{"value": "a"}, {"value": "b"}], "name": "x", "tags": ["1", "2"]}


def test_empty_is_none_and_the_token_is_no_field() -> None:
    assert nested(MultiDict([("name", ""), ("csrf_token", "t"), ("tags[]", "")])) == {"name": None, "tags": []}


def test_names_that_contradict_do_not_break() -> None:
    assert nested(MultiDict([("a", "1"), ("a.b", "2")])) == {"a": "1"}


def test_messages_flatten() -> None:
    messages = {"lines": {1: {"value": ["no"]}}, "_schema": ["both"], "name": "lazy"}
    assert flattened(messages) == {"lines.1.value": ["no"], "_schema": ["both"], "name": ["lazy"]}


def test_a_refused_form_keeps_its_input(app: Flask) -> None:
    form = Form(SampleSchema(), {"name": "old"})
    with app.test_request_context(method="POST", data={"lines.0.value": "", "version": "7"}), pytest.raises(Invalid):
        form.load()
    assert form.sentences("lines.0.value")
    assert form.value("name") == "old"
    assert form.version == 7
    assert form.value("lines.5.value", "none") == "none"


def test_names_without_end_are_passed_over() -> None:
    typed = MultiDict([(".".join("a" * 30_000), "x"), ("b." + "9" * 5000, "y"), ("name", "x")])
    assert nested(typed) == {"b": {"9" * 5000: "y"}, "name": "x"}


def test_a_version_of_thousands_of_digits_is_a_stale_one(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"version": "9" * 5000}):
        assert seen_version() == 999_999_999_999_999_999
