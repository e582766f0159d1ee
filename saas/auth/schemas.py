"""What people type, and what programs read, about log-ins, tokens and tenants."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

REQUIRED = {"required": _l("Please fill this in."), "null": _l("Please fill this in.")}


class Line(fields.String):
    """One line of text, without white space around it and without NUL."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            raise self.make_error("invalid_utf8")
        return text.strip()


class LoginSchema(Schema):
    """The log-in form."""

    login = Line(required=True, validate=Length(1, 200), error_messages=REQUIRED)
    password = fields.String(required=True, validate=Length(1, 200), load_only=True, error_messages=REQUIRED)


class PasswordSchema(Schema):
    """The change of a password."""

    old_password = fields.String(required=True, validate=Length(1, 200), load_only=True, error_messages=REQUIRED)
    password = fields.String(required=True, validate=Length(1, 200), load_only=True, error_messages=REQUIRED)


class InvitationSchema(Schema):
    """What an invited person fills in."""

    login = Line(required=True, validate=Length(1, 200), error_messages=REQUIRED)
    name = Line(required=True, validate=Length(1, 60), error_messages=REQUIRED)
    password = fields.String(required=True, validate=Length(1, 200), load_only=True, error_messages=REQUIRED)


class TokenSchema(Schema):
    """A key for a program."""

    name = Line(required=True, validate=Length(1, 60), error_messages=REQUIRED)
    scopes = fields.List(Line(validate=Length(1, 60)), load_default=list, validate=Length(max=100))


class TenantSchema(Schema):
    """A brand as programs see it."""

    id = fields.UUID(dump_only=True)
    version = fields.Integer(dump_only=True)
    name = Line(required=True, validate=Length(1, 60), error_messages=REQUIRED)
    time_zone = Line(load_default="Asia/Shanghai", validate=Length(1, 60))
    agency_id = fields.UUID()
    accent = fields.String(dump_only=True)
    erase_after_days = fields.Integer(dump_only=True)
    erase_reason = fields.String(dump_only=True)


class TenantChangeSchema(Schema):
    """What of a brand may be changed."""

    name = Line(validate=Length(1, 60))
    time_zone = Line(validate=Length(1, 60))
    accent = fields.String(validate=OneOf(("blue", "teal", "green", "orange", "red", "purple")))
    erase_after_days = fields.Integer(validate=Range(0, 30))
    erase_reason = Line(validate=Length(max=500))
