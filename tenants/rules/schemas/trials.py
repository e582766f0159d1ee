"""The tester: what a fan would do, and what would come of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from tenants.rules.domain.explaining import Verdict
from tenants.rules.domain.stimulus import Kind, Stimulus
from tenants.rules.domain.triggers import MESSAGE_TYPES
from tenants.rules.schemas.moments import LocalMoment
from tenants.rules.schemas.triggers import TriggerSchema
from tenants.rules.schemas.words import Words

ACTS = (*MESSAGE_TYPES, "sticker", *(kind.value for kind in Kind if kind is not Kind.MESSAGE))


class TrySchema(Schema):
    """What a fan would do: `type` is a kind of message or an event; `at` is the moment to pretend, now when left out."""

    type = fields.String(load_default="text", validate=OneOf(ACTS))
    text = Words(load_default="", validate=Length(max=2000, error=_l("At most {max} characters.")))
    key = Words(load_default="", validate=Length(max=128, error=_l("At most {max} characters.")))
    latitude = fields.Float(load_default=None, allow_none=True, validate=Range(-90, 90))
    longitude = fields.Float(load_default=None, allow_none=True, validate=Range(-180, 180))
    at = LocalMoment(load_default=None, allow_none=True)


class StepSchema(Schema):
    """A rule that was looked at, and what became of it."""

    rule_id = fields.UUID(attribute="match.rule.id")
    name = fields.String(attribute="match.rule.name")
    trigger = fields.Nested(TriggerSchema)
    verdict = fields.Enum(Verdict, by_value=True)


class TrialSchema(Schema):
    """The rule that answers, the passive reply, the effects, and every rule that fits."""

    rule_id = fields.UUID(attribute="explanation.match.rule.id", allow_none=True, dump_default=None)
    reply = fields.Function(lambda trial: trial.outcome.reply.to_json() if trial.outcome.reply else None)
    effects = fields.List(fields.String(), attribute="outcome.effects")
    steps = fields.List(fields.Nested(StepSchema), attribute="explanation.steps")


def stimulus_of(values: Mapping[str, Any]) -> Stimulus:
    """What was typed into the tester, as if a fan had done it."""
    latitude, longitude = values["latitude"], values["longitude"]
    point = (latitude, longitude) if latitude is not None and longitude is not None else None
    if values["type"] in {kind.value for kind in Kind}:
        return Stimulus(Kind(values["type"]), key=values["key"])
    return Stimulus(message_type=values["type"], text=values["text"], point=point)
