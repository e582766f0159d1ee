"""Rules as forms and programs write them: one schema serves both doors."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from saas.auth.schemas import Line
from saas.web.api import ListQuery
from tenants.rules.domain.triggers import TriggerType
from tenants.rules.schemas.moments import ClockTime, LocalMoment
from tenants.rules.schemas.replies import ReplyField
from tenants.rules.schemas.trials import StepSchema, TrialSchema, TrySchema, stimulus_of
from tenants.rules.schemas.triggers import TriggerSchema
from tenants.rules.schemas.words import REQUIRED

__all__ = [
    "BulkSchema",
    "RuleChangeSchema",
    "RuleListQuery",
    "RuleSchema",
    "StepSchema",
    "SwitchSchema",
    "TrialSchema",
    "TrySchema",
    "stimulus_of",
]

MAX_TRIGGERS = 500
MAX_REPLIES = 5
MAX_PRIORITY = 1_000_000
_NO_TRIGGER = _l("Say what the rule reacts to.")
_NO_REPLY = _l("Say what the fan gets.")
SORTS = ("priority", "-priority", "name", "-name", "created", "-created")


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


class RuleChangeSchema(RuleSchema):
    """The fields of a rule that change; the others stay. Named apart, as programs read it in the OpenAPI description."""


class RuleListQuery(ListQuery):
    """Search, filters and order of a list of rules."""

    search = fields.String(data_key="q", load_default="", validate=Length(max=100))
    type = fields.String(load_default=None, allow_none=True, validate=OneOf([kind.value for kind in TriggerType]))
    enabled = fields.Boolean(load_default=None, allow_none=True)
    sort = fields.String(load_default="-priority", validate=OneOf(SORTS))


class BulkSchema(Schema):
    """What to do with several rules at once."""

    ids = fields.List(
        fields.UUID(),
        required=True,
        validate=Length(1, 200, error=_l("Choose at least one rule.")),
        error_messages={"required": _l("Choose at least one rule.")},
    )
    act = fields.String(required=True, validate=OneOf(("delete", "disable", "enable")))


class SwitchSchema(Schema):
    """On or off."""

    enabled = fields.Boolean(required=True)
