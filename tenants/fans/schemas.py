"""What programs and forms say of fans and messages."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from saas.auth.schemas import Line as PlainLine
from saas.web.api import ListQuery

DIRECTIONS = ("in", "out")
AUTHORS = ("fan", "robot", "agent")
SORTS = ("-created_at", "created_at", "-last_active_at", "last_active_at")
SOURCES = (
    "scan", "search", "profile_card", "profile_link", "profile_item", "paid", "wechat_advertisement", "reprint",
    "livestream", "channels", "wxa", "account_migration", "others", "unknown",
)  # fmt: skip


class Line(PlainLine):
    """One line; nothing typed is an empty string."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """The line."""
        return super().deserialize("" if value is None else value, attr, data, **options)


class FanSchema(Schema):
    """A fan as programs see it; what WeChat doesn't tell is null."""

    id = fields.UUID(dump_only=True)
    version = fields.Integer(dump_only=True)
    account_id = fields.UUID(dump_only=True)
    openid = fields.String(dump_only=True, allow_none=True)
    unionid = fields.String(dump_only=True, allow_none=True)
    subscribed = fields.Boolean(dump_only=True)
    subscribed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    unsubscribed_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    source = fields.String(dump_only=True)
    scene = fields.String(dump_only=True, allow_none=True)
    channel_id = fields.UUID(dump_only=True, allow_none=True)
    node_id = fields.UUID(dump_only=True)
    tags = fields.List(fields.String(), dump_only=True)
    remark = fields.String(dump_only=True)
    last_active_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    erased_at = fields.AwareDateTime(dump_only=True, allow_none=True)


class FanChangeSchema(Schema):
    """What of a fan may be changed; `tags` replaces all."""

    remark = Line(validate=Length(max=200))
    tags = fields.List(Line(validate=Length(1, 30)), validate=Length(max=20))


class TagWords(Line):
    """Tags as one types them: between spaces or commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        words = re.split(r"[\s,，、;；]+", super()._deserialize(value, attr, data, **options))
        return [word for word in words if word]


class FanFormSchema(Schema):
    """What people note of a fan on its page."""

    remark = Line(load_default="", validate=Length(max=200, error=_l("At most {max} characters.")))
    tags = TagWords(load_default=list)
    version = fields.Integer(load_default=None, allow_none=True)


class TagSchema(Schema):
    """A tag for many fans."""

    tag = Line(required=True, validate=Length(1, 30, error=_l("Name the tag in at most {max} characters.")))
    act = fields.String(load_default="add", validate=OneOf(("add", "remove")))
    ids = fields.List(fields.UUID(), required=True, validate=Length(1, 200, error=_l("Choose at least one fan.")))


class FanFilterSchema(Schema):
    """Filters of the list of fans, in the address of the page too."""

    q = Line(load_default="", validate=Length(max=100))
    subscribed = fields.Boolean(load_default=None, allow_none=True)
    source = fields.String(load_default="", validate=OneOf(["", *SOURCES]))
    tag = fields.UUID(load_default=None, allow_none=True)
    channel = fields.UUID(load_default=None, allow_none=True)
    active_since = fields.AwareDateTime(load_default=None, allow_none=True)
    sort = fields.String(load_default="-created_at", validate=OneOf(SORTS))


class FanQuery(FanFilterSchema, ListQuery):
    """The list of fans."""


class MessageSchema(Schema):
    """A message as programs see it."""

    id = fields.UUID(dump_only=True)
    account_id = fields.UUID(dump_only=True)
    node_id = fields.UUID(dump_only=True)
    direction = fields.String(dump_only=True)
    author = fields.String(dump_only=True)
    type = fields.String(dump_only=True)
    content = fields.String(dump_only=True)
    extra = fields.Raw(dump_only=True)
    fan_id = fields.UUID(dump_only=True)
    rule_id = fields.String(dump_only=True, allow_none=True)
    answered = fields.Boolean(dump_only=True, allow_none=True)
    state = fields.String(dump_only=True, allow_none=True)
    created_at = fields.AwareDateTime(dump_only=True)


class MessageFilterSchema(Schema):
    """Filters of the message log, in the address of the page too. Events are shown where `type` asks for them."""

    q = Line(load_default="", validate=Length(max=100))
    direction = fields.String(load_default="", validate=OneOf(["", *DIRECTIONS]))
    author = fields.String(load_default="", validate=OneOf(["", *AUTHORS]))
    type = Line(load_default="", validate=Length(max=40))
    rule_id = Line(load_default="", validate=Length(max=64))
    fan_id = fields.UUID(load_default=None, allow_none=True)
    unanswered = fields.Boolean(load_default=False)
    since = fields.AwareDateTime(load_default=None, allow_none=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True)


class MessageQuery(MessageFilterSchema, ListQuery):
    """The message log."""
