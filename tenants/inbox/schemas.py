"""What programs and forms say of conversations, and the fields of the reply that hands over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validates_schema
from marshmallow.validate import URL, Length, OneOf, Regexp

from saas.auth.schemas import Line
from saas.web.api import ListQuery
from saas.wechat.outbox.effects import legal
from tenants.fans.schemas import MessageSchema
from tenants.inbox.domain import Reason, Status
from tenants.rules.schemas.words import Words

LONGEST_TEXT = 600
MOST_BYTES = 2048
ADDRESS = URL(schemes={"http", "https"}, error=_l("This is not a web address."))
TYPES = ("text", "image", "template")
TROUBLED = ("refused", "unknown")


class Said(Words):
    """Text as the fan will get it: what no message can hold is left out before anybody looks whether something is left."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        return str(legal(super()._deserialize(value, attr, data, **options)))


class ConversationSchema(Schema):
    """A conversation as programs see it."""

    id = fields.UUID(dump_only=True)
    version = fields.Integer(dump_only=True)
    account_id = fields.UUID(dump_only=True)
    node_id = fields.UUID(dump_only=True)
    fan_id = fields.UUID(dump_only=True)
    status = fields.String(dump_only=True, validate=OneOf([status.value for status in Status]))
    reason = fields.String(dump_only=True)
    assignee_id = fields.UUID(dump_only=True, allow_none=True)
    waiting_since = fields.AwareDateTime(dump_only=True)
    first_response_seconds = fields.Integer(dump_only=True, allow_none=True)
    resolved_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class FilterSchema(Schema):
    """Filters of the list, in the address of the page too."""

    q = Line(load_default="", validate=Length(max=100))
    status = fields.String(load_default="", validate=OneOf(["", *(status.value for status in Status)]))
    reason = fields.String(load_default="", validate=OneOf(["", *(reason.value for reason in Reason)]))


class PageQuery(FilterSchema):
    """What the page may be asked."""

    cursor = fields.String(load_default=None)


class ConversationQuery(FilterSchema, ListQuery):
    """Filters of the API's list; `account_id` is a node, all below it belong to the answer."""

    account_id = fields.UUID(load_default=None)
    fan_id = fields.UUID(load_default=None)


class ResolveSchema(Schema):
    """The version that the person saw."""

    version = fields.Integer(load_default=None, allow_none=True)


class LiveQuery(Schema):
    """From which moment on the page shows lines."""

    since = fields.AwareDateTime(load_default=None)


class UndeliveredQuery(Schema):
    """What the list of undelivered messages may be asked."""

    state = fields.String(load_default="", validate=OneOf(["", *TROUBLED]))
    cursor = fields.String(load_default=None)


class ReplySchema(Schema):
    """A person's answer: words, or a picture of the library."""

    content = Said(
        load_default="",
        allow_none=True,
        validate=Length(max=LONGEST_TEXT, error=_l("At most {max} characters.")),
    )
    media_id = fields.UUID(load_default=None, allow_none=True)

    @validates_schema
    def check_content(self, values: dict[str, Any], **_options: Any) -> None:
        """Nothing is no answer, and WeChat counts bytes."""
        content = values["content"] or ""
        if values["media_id"] is None and not content.strip():
            raise ValidationError({"content": [_l("Write something first.")]})
        if len(content.encode()) > MOST_BYTES:
            raise ValidationError({"content": [_l("Too long for WeChat: send it in two messages.")]})


class TemplateSchema(Schema):
    """A template message as the form sends it; which fields it has is the template's to say."""

    template_id = Said(required=True, validate=Length(1, 128))
    data = fields.Dict(
        keys=fields.String(validate=Regexp(r"\A\w{1,64}\Z")),
        values=Said(validate=Length(max=600)),
        load_default=dict,
    )
    url = Line(load_default="", allow_none=True, validate=ADDRESS)

    @pre_load
    def drop_empty(self, values: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """A field left empty is one that is not there: the template says whether it must be."""
        data = values.get("data")
        if not isinstance(data, Mapping):
            return values
        return {**values, "data": {name: value for name, value in data.items() if value is not None}}

    @post_load
    def name_nothing(self, values: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """No address is an empty one."""
        return {**values, "url": values["url"] or ""}


class NewMessageSchema(ReplySchema):
    """What a program sends to a fan: `content` of a text, `media_id` of an image, `template_id` and `data` of a template."""

    fan_id = fields.UUID(required=True)
    type = fields.String(required=True, validate=OneOf(TYPES))
    template_id = Said(load_default="", validate=Length(max=128))
    data = fields.Dict(
        keys=fields.String(validate=Regexp(r"\A\w{1,64}\Z")),
        values=Said(validate=Length(max=600)),
        load_default=dict,
    )
    url = Line(load_default="", validate=ADDRESS)

    @validates_schema
    def check_content(self, values: dict[str, Any], **options: Any) -> None:
        """Each type has its own field."""
        if values["type"] == "text":
            ReplySchema.check_content(self, {**values, "media_id": None}, **options)
        needed = {"image": "media_id", "template": "template_id"}.get(values["type"])
        if needed is not None and not str(values[needed] or "").strip():
            raise ValidationError({needed: [_l("Please fill this in.")]})


class SentSchema(MessageSchema):
    """A person's message as programs see it; `state` goes from planned over sending to done, refused or unknown."""

    class Meta:
        """What only a fan's message has."""

        exclude = ("answered", "extra")

    state = fields.String(dump_only=True)


class HandOverSchema(Schema):
    """The fields of the reply `hand_over`: words that the fan reads meanwhile, and whether it is a complaint."""

    content = Words(
        allow_none=True,
        validate=Length(max=600, error=_l("At most {max} characters.")),
        metadata={"example": "请稍等。"},
    )
    reason = fields.String(allow_none=True, validate=OneOf([Reason.COMPLAINT.value]))
