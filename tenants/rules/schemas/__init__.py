"""Rules as forms and programs write them: one schema serves both doors."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf, Range

from saas.auth.schemas import Line
from saas.tenancy.scope import current_scope
from saas.web.api import ListQuery
from tenants.rules.domain.stimulus import Kind
from tenants.rules.domain.triggers import MESSAGE_TYPES, TriggerType
from tenants.rules.schemas.replies import ReplyField
from tenants.rules.schemas.triggers import TriggerSchema
from tenants.rules.schemas.words import REQUIRED

MAX_TRIGGERS = 500
MAX_REPLIES = 5
MAX_PRIORITY = 1_000_000
_NO_TRIGGER = _l("Say what the rule reacts to.")
_NO_REPLY = _l("Say what the fan gets.")
SORTS = ("priority", "-priority", "name", "-name", "created", "-created")


class LocalMoment(fields.DateTime):
    """A moment; one without an offset is meant in the tenant's zone, in which it is also shown."""

    default_error_messages = {"invalid": _l("Give a date and a time, for example 2026-03-08 10:00.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        return moment if moment.tzinfo else moment.replace(tzinfo=_zone())

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(_zone()).isoformat()


class ClockTime(fields.Time):
    """A time of day in the tenant's zone, to the minute."""

    default_error_messages = {"invalid": _l("Give a time of day, for example 08:30.")}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        clock = super()._deserialize(value, attr, data, **kwargs)
        if clock.tzinfo is not None:
            raise ValidationError(_l("Give the time of day without an offset: it is meant in the brand's time zone."))
        return clock.replace(second=0, microsecond=0)

    def _serialize(self, value: time | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.strftime("%H:%M")


class RuleSchema(Schema):
    """A rule; `starts_at` … `daily_to` say when it counts, in the tenant's zone."""

    id = fields.UUID(dump_only=True)
    version = fields.Integer(dump_only=True)
    name = Line(
        required=True,
        validate=Length(1, 100, error=_l("Give the rule a name of at most {max} characters.")),
        error_messages=REQUIRED,
    )
    enabled = fields.Boolean(load_default=True)
    priority = fields.Integer(
        load_default=0,
        validate=Range(-MAX_PRIORITY, MAX_PRIORITY, error=_l("Give a number between {min} and {max}.")),
        error_messages={"invalid": _l("Give a whole number."), "null": _l("Give a whole number.")},
    )
    triggers = fields.List(
        fields.Nested(TriggerSchema),
        required=True,
        error_messages={"required": _NO_TRIGGER, "null": _NO_TRIGGER},
        validate=Length(1, MAX_TRIGGERS, error=_l("Give at least one trigger, at most {max}.")),
    )
    replies = fields.List(
        ReplyField(),
        required=True,
        error_messages={"required": _NO_REPLY, "null": _NO_REPLY},
        validate=Length(1, MAX_REPLIES, error=_l("Give at least one reply, at most {max}.")),
    )
    starts_at = LocalMoment(load_default=None, allow_none=True)
    ends_at = LocalMoment(load_default=None, allow_none=True)
    daily_from = ClockTime(load_default=None, allow_none=True)
    daily_to = ClockTime(load_default=None, allow_none=True)
    origin_id = fields.UUID(dump_only=True, allow_none=True)
    lock = fields.String(dump_only=True, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def check_dates(self, data: dict[str, Any], **_: Any) -> None:
        """A rule ends after it starts."""
        starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            raise ValidationError([_l("The end must lie after the start.")], "ends_at")


class RuleListQuery(ListQuery):
    """Search, filters and order of a list of rules."""

    search = fields.String(load_default="", validate=Length(max=100))
    type = fields.String(load_default=None, allow_none=True, validate=OneOf([kind.value for kind in TriggerType]))
    enabled = fields.Boolean(load_default=None, allow_none=True)
    sort = fields.String(load_default="-priority", validate=OneOf(SORTS))


class SwitchSchema(Schema):
    """On or off."""

    enabled = fields.Boolean(required=True)


class TrySchema(Schema):
    """What a fan would do, for the tester; `at` is the moment to pretend, now when left out."""

    kind = fields.String(load_default=Kind.MESSAGE.value, validate=OneOf([kind.value for kind in Kind]))
    message_type = fields.String(load_default="text", validate=OneOf([*MESSAGE_TYPES, "sticker"]))
    text = fields.String(load_default="", allow_none=True, validate=Length(max=2000))
    key = fields.String(load_default="", allow_none=True, validate=Length(max=128))
    latitude = fields.Float(load_default=None, allow_none=True, validate=Range(-90, 90))
    longitude = fields.Float(load_default=None, allow_none=True, validate=Range(-180, 180))
    at = LocalMoment(load_default=None, allow_none=True)


def _zone() -> ZoneInfo:
    return ZoneInfo(current_scope().tenant.time_zone)
