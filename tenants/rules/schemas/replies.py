"""Replies as people and programs write them: each type has fields of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import URL, Length

from tenants.rules.ports import reply_actions
from tenants.rules.schemas.words import REQUIRED, Words

# WeChat's limit of a passive text, in bytes of UTF-8.
MAX_BYTES = 2048
_address = URL(schemes={"http", "https"}, require_tld=False, error=_l("This is not a web address (https://…)."))


def _fits(content: str) -> None:
    size = len(content.encode())
    if size > MAX_BYTES:
        sentence = _l("WeChat takes at most %(most)s bytes (about 680 Chinese characters); this is %(size)s.")
        raise ValidationError([sentence % {"most": MAX_BYTES, "size": size}])


def _text(most: int, *, required: bool = False) -> Words:
    return Words(required=required, validate=_at_most(most), error_messages=REQUIRED)


def _link(*, required: bool = False) -> Words:
    return Words(required=required, validate=[_at_most(1024), _address], error_messages=REQUIRED)


def _at_most(most: int) -> Length:
    return Length(max=most, error=_l("At most {max} characters."))


def _media(*, required: bool = False) -> fields.UUID:
    return fields.UUID(required=required, error_messages=_CHOOSE)


_CHOOSE = {name: _l("Choose one from the library.") for name in ("required", "null", "invalid_uuid")}


_WRITE = {"required": _l("Write what the fan is to read.")}


class TextSchema(Schema):
    """Words."""

    content = Words(required=True, validate=_fits, error_messages=_WRITE)


class MediaSchema(Schema):
    """A picture or a voice message of the library."""

    media_id = _media(required=True)


class VideoSchema(MediaSchema):
    """A film of the library."""

    title = _text(64)
    description = _text(120)


class MusicSchema(Schema):
    """A song by its address."""

    title = _text(64)
    description = _text(120)
    url = _link(required=True)
    hq_url = _link()
    thumb_media_id = _media()


class NewsSchema(Schema):
    """One card with a picture and a link."""

    title = _text(64, required=True)
    description = _text(120)
    picture_url = _link()
    url = _link(required=True)


class NearestStoreSchema(Schema):
    """The nearest stores that offer a service; any when empty."""

    service = _text(40)


class TransferSchema(Schema):
    """Tencent's own desk, a named agent of it if given."""

    kf_account = _text(64)


SCHEMAS: Mapping[str, type[Schema]] = {
    "text": TextSchema,
    "image": MediaSchema,
    "voice": MediaSchema,
    "video": VideoSchema,
    "music": MusicSchema,
    "news": NewsSchema,
    "nearest_store": NearestStoreSchema,
    "transfer_customer_service": TransferSchema,
    "none": Schema,
}
# Kinds the contract names, whose capability may be absent.
BROUGHT = ("hand_over", "campaign", "lookup")


def reply_types() -> tuple[str, ...]:
    """The kinds of replies a rule may have here: ours and those of the capabilities present."""
    return (*SCHEMAS, *reply_actions())


def _described() -> list[dict[str, Any]]:
    # For readers of the OpenAPI description: one object per kind. Kinds of other capabilities stand there by name.
    own = [_object(kind, schema().fields) for kind, schema in SCHEMAS.items()]
    return [*own, {"type": "object", "required": ["type"], "properties": {"type": {"enum": list(BROUGHT)}}}]


def _object(kind: str, members: Mapping[str, Any]) -> dict[str, Any]:
    formats = {name: {"format": "uuid"} if isinstance(member, fields.UUID) else {} for name, member in members.items()}
    return {
        "type": "object",
        "title": kind,
        "required": ["type", *(name for name, member in members.items() if member.required)],
        "properties": {"type": {"const": kind}, **{name: {"type": "string", **more} for name, more in formats.items()}},
    }


class ReplyField(fields.Field[dict[str, Any]]):
    """`{type, …}`: an object whose other fields are those of its type."""

    def __init__(self) -> None:
        super().__init__(metadata={"anyOf": _described()})

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise ValidationError([_l("A reply is an object with a type.")])
        kind = value.get("type")
        schema = _schema_of(kind)
        given = {name: item for name, item in value.items() if name != "type" and item not in (None, "")}
        loaded = schema(unknown=RAISE).load(given)
        return {"type": kind, **{name: _stored(item) for name, item in loaded.items()}}


def _schema_of(kind: object) -> type[Schema]:
    if isinstance(kind, str) and kind in SCHEMAS:
        return SCHEMAS[kind]
    if isinstance(kind, str) and kind in reply_actions():
        return reply_actions()[kind].schema
    if kind in BROUGHT:
        sentence = _l("“%(kind)s” needs a capability that is not part of this deployment yet.", kind=kind)
    else:
        sentence = _l(
            "“%(kind)s” is not a kind of reply. Choose one of: %(kinds)s.",
            kind=str(kind or ""),
            kinds=", ".join(reply_types()),
        )
    raise ValidationError({"type": [sentence]})


def _stored(value: Any) -> Any:
    # Kept as JSON: an id of ours as text.
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
