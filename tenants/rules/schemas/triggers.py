"""Triggers as people and programs write them."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validates_schema
from marshmallow.validate import Length, OneOf

from tenants.rules.domain.emoji import parts
from tenants.rules.domain.keywords import MAX_KEYWORD
from tenants.rules.domain.patterns import MAX_LENGTH, PatternError, compile_pattern
from tenants.rules.domain.text import normalise
from tenants.rules.domain.triggers import MESSAGE_TYPES, MatchKind, TriggerType
from tenants.rules.schemas.words import REQUIRED, Words

MAX_KEY = 128
_EMOJI_MATCHES = (MatchKind.EXACT, MatchKind.CONTAINS)
_DEFAULTS = {TriggerType.KEYWORD: MatchKind.CONTAINS, TriggerType.EMOJI: MatchKind.CONTAINS}


class TriggerSchema(Schema):
    """`{type, match, value}`; what does not belong to the type is left out."""

    class Meta:
        """A form may send the numbers of its rows."""

        unknown = EXCLUDE

    type = fields.String(
        required=True,
        error_messages=REQUIRED,
        validate=OneOf(
            [kind.value for kind in TriggerType],
            error=_l("“{input}” is not a trigger. Choose one of: {choices}."),
        ),
    )
    match = fields.String(
        load_default=None,
        allow_none=True,
        validate=OneOf(
            [kind.value for kind in MatchKind],
            error=_l("“{input}” is not a way to match. Choose one of: {choices}."),
        ),
    )
    value = Words(
        load_default="",
        allow_none=True,
        validate=Length(max=MAX_LENGTH, error=_l("At most {max} characters.")),
    )

    @pre_load
    def tidy(self, data: Any, **_: Any) -> Any:
        """Blanks round a value never count; an empty match means the usual one."""
        if not isinstance(data, dict):
            return data
        value = data.get("value")
        default = _DEFAULTS.get(data.get("type"))  # type: ignore[arg-type]
        match = (data.get("match") or default) if default else None
        return {**data, "value": value.strip() if isinstance(value, str) else value or "", "match": match}

    @validates_schema(skip_on_field_errors=True)
    def check_value(self, data: dict[str, Any], **_: Any) -> None:
        """Each type asks for its own kind of value."""
        if "type" not in data:  # a partial load of the rule lets even this one be absent
            raise ValidationError([REQUIRED["required"]], "type")
        kind, value = TriggerType(data["type"]), data["value"]
        sentence = _CHECKS[kind](value, data["match"])
        if sentence:
            raise ValidationError([sentence], "match" if sentence is _EMOJI_MATCH else "value")


_EMOJI_MATCH = _l("An emoji is found in the message (contains) or is the whole message (exact).")


def _keyword(value: str, match: str) -> LazyString | None:
    compared = normalise(value)
    if not compared:
        return _l("Write the word to react to.")
    if match == MatchKind.REGEX:
        return _pattern(value)
    if max(len(value), len(compared)) > MAX_KEYWORD:  # some signs become many where they are compared
        return _l("A keyword has at most %(most)s characters.", most=MAX_KEYWORD)
    return None


def _pattern(value: str) -> LazyString | None:
    try:
        compile_pattern(value)
    except PatternError as refusal:
        return _l("This pattern is not valid (RE2): %(reason)s", reason=str(refusal))
    return None


def _emoji(value: str, match: str) -> LazyString | None:
    found = list(parts(value))
    if value and (len(found) != 1 or not found[0][0]):
        return _l("Give one emoji, for example 🙂, /::) or [微笑]; leave it empty for any emoji.")
    return None if match in _EMOJI_MATCHES else _EMOJI_MATCH


def _message_type(value: str, _match: str) -> LazyString | None:
    if value in MESSAGE_TYPES:
        return None
    return _l("Choose one of: %(choices)s.", choices=", ".join(MESSAGE_TYPES))


def _key(value: str, _match: str) -> LazyString | None:
    return _l("At most %(most)s characters.", most=MAX_KEY) if len(value) > MAX_KEY else None


def _no_value(value: str, _match: str) -> LazyString | None:
    return _l("This trigger takes no value.") if value else None


_CHECKS = {
    TriggerType.EMOJI: _emoji,
    TriggerType.KEYWORD: _keyword,
    TriggerType.MENU_CLICK: _key,
    TriggerType.MESSAGE_TYPE: _message_type,
    TriggerType.NO_MATCH: _no_value,
    TriggerType.SCAN: _key,
    TriggerType.STICKER: _no_value,
    TriggerType.SUBSCRIBE: _key,
}
