"""Texts that fans read."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields

REQUIRED = {"required": _l("Please fill this in."), "null": _l("Please fill this in.")}


class Words(fields.String):
    """Text of one line or many, as typed, without what neither the database nor WeChat takes: NUL and half signs."""

    default_error_messages = {  # noqa: RUF012 - the form marshmallow asks for
        "unwritable": _l("This text holds a sign that can't be sent. Please type it again.")
    }

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            raise self.make_error("unwritable")
        return text
