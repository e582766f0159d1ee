"""Marshmallow's messages never reach a person in English."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale
from marshmallow import Schema, fields, validate

from saas.web.forms import flattened
from saas.web.sentences import in_words
from tests.saas.web.gallery import gallery_app

WRONG = {
    "text": 1,
    "null": None,
    "id": "x",
    "count": "x",
    "flag": "maybe",
    "at": "x",
    "day": "x",
    "hour": "x",
    "many": "x",
    "link": "x",
    "mail": "x",
    "short": "a",
    "long": "abc",
    "both": "a",
    "low": 0,
    "high": 9,
    "range": 9,
    "choice": "c",
    "pattern": "x",
    "inner": 1,
    "surplus": 1,
}


class Every(Schema):
    """A field for each message."""

    missing = fields.String(required=True)
    text = fields.String()
    null = fields.String()
    id = fields.UUID()
    count = fields.Integer()
    flag = fields.Boolean()
    at = fields.AwareDateTime()
    day = fields.Date()
    hour = fields.Time()
    many = fields.List(fields.String())
    link = fields.URL()
    mail = fields.Email()
    short = fields.String(validate=validate.Length(min=2))
    long = fields.String(validate=validate.Length(max=2))
    both = fields.String(validate=validate.Length(2, 4))
    low = fields.Integer(validate=validate.Range(min=1))
    high = fields.Integer(validate=validate.Range(max=5))
    range = fields.Integer(validate=validate.Range(1, 5))
    choice = fields.String(validate=validate.OneOf(["a", "b"]))
    pattern = fields.String(validate=validate.Regexp("^a"))
    inner = fields.Nested(Schema.from_dict({"a": fields.String()}))


@pytest.fixture(scope="module")
def app() -> Flask:
    return gallery_app()


def test_every_message_has_its_words(app: Flask) -> None:
    messages = Every().validate(WRONG)
    assert set(messages) == {*WRONG, "missing"}
    with app.test_request_context(), force_locale("zh"):
        told = {name: str(sentence) for name, (sentence, *_) in flattened(messages).items()}
    assert {name: text for name, text in told.items() if text.isascii()} == {}


def test_limits_are_named(app: Flask) -> None:
    with app.test_request_context(), force_locale("zh"):
        assert str(in_words("Longer than maximum length 20.")) == "最多 20 个字。"


def test_other_sentences_stay() -> None:
    assert in_words("已有同名的规则。") == "已有同名的规则。"
