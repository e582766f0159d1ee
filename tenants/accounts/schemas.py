"""What people type and programs send about accounts, channel codes and stores; one schema for form and API."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, post_dump, validates_schema
from marshmallow.validate import Length, OneOf, Range, Regexp

from saas.auth.roles import Role
from saas.auth.schemas import REQUIRED, Line, TenantChangeSchema
from saas.web.api import ListQuery
from saas.wechat.ports import Mode
from tenants.accounts.domain import Kind

SERVICE_TYPES = ("subscription", "service")


class Name(Line):
    """What people call a thing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=Length(1, 60), error_messages=REQUIRED, **options)


class Words(Line):
    """A line that may be empty: nothing typed is an empty string."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """The line, without white space around it."""
        return super().deserialize("" if value is None else value, attr, data, **options)


class WordList(fields.List[Any]):
    """A list of words; forms send one line of them, between commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        if isinstance(value, str):
            value = [word.strip() for word in re.split(r"[,，、;；]", value) if word.strip()]
        return super()._deserialize(value, attr, data, **options)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **options: Any) -> Any:
        """The words; nothing typed is an empty list."""
        return super().deserialize([] if value is None else value, attr, data, **options)


class ProfileSchema(Schema):
    """Positioning and tone: what an account is for, and how it speaks."""

    positioning = Words(validate=Length(max=500))
    tone = Words(validate=Length(max=500))

    @post_dump
    def fill(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Both names are always there."""
        return {"positioning": data.get("positioning") or "", "tone": data.get("tone") or ""}


class ConnectionSchema(Schema):
    """A node's WeChat account; the secrets can be written, never read."""

    app_id = Line(validate=Length(1, 64), allow_none=True)
    original_id = Line(validate=Length(max=64), allow_none=True)
    service_type = fields.String(validate=OneOf(SERVICE_TYPES), allow_none=True)
    verified = fields.Boolean(allow_none=True)
    mode = fields.String(validate=OneOf([mode.value for mode in Mode]), allow_none=True)
    connection = fields.String(validate=OneOf(("none", "direct", "component")), allow_none=True)
    app_secret = Line(load_only=True, validate=Length(max=128), allow_none=True)
    token = Line(load_only=True, validate=Length(max=64), allow_none=True)
    encoding_aes_key = Line(load_only=True, validate=Length(max=64), allow_none=True)


class NodeSchema(Schema):
    """What is known of a node without its connection."""

    name = Name(required=True)
    legal_entity = Words(validate=Length(max=120))
    profile = fields.Nested(ProfileSchema, allow_none=True)


class AccountSchema(NodeSchema, ConnectionSchema):
    """A node as programs see it: the fields of the connection are null until it is connected."""

    id = fields.UUID(dump_only=True)
    version = fields.Integer(dump_only=True)
    kind = fields.String(required=True, validate=OneOf([kind.value for kind in Kind]))
    parent_id = fields.UUID(load_default=None, allow_none=True)
    health = fields.Raw(dump_only=True, allow_none=True)
    archived_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    last_callback_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    created_at = fields.AwareDateTime(dump_only=True)

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Fields of the connection come from its row."""
        if attr in _OF_CONNECTION:
            return getattr(obj.connection, attr) if obj.connection is not None else None
        return super().get_attribute(obj, attr, default)


_OF_CONNECTION = {
    "app_id",
    "original_id",
    "service_type",
    "verified",
    "mode",
    "connection",
    "health",
    "last_callback_at",
}


class AuthorisationSchema(Schema):
    """An account's authorisation by a scan: the link that leads to one, and what the last one gave."""

    url = fields.Url(dump_only=True)
    expires_at = fields.AwareDateTime(dump_only=True)
    authorised_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    unauthorised_at = fields.AwareDateTime(dump_only=True, allow_none=True)
    permission_sets = fields.List(fields.Integer(), dump_only=True)


class AccountChangeSchema(ConnectionSchema):
    """What of a node may be changed; `parent_id` moves it, `archived` takes it out of use or back."""

    name = Name()
    legal_entity = Words(validate=Length(max=120))
    profile = fields.Nested(ProfileSchema, allow_none=True)
    parent_id = fields.UUID()
    archived = fields.Boolean()


class AccountQuery(ListQuery):
    """Filters of the list of accounts."""

    q = Line(load_default="")
    kind = fields.String(load_default=None, validate=OneOf([kind.value for kind in Kind]))
    parent_id = fields.UUID(load_default=None)
    below = fields.UUID(load_default=None)
    archived = fields.Boolean(load_default=False)


class PlaceQuery(ListQuery):
    """Filters of the lists of stores and channel codes: `account_id` is a node, all below it belong to the answer."""

    q = Line(load_default="")
    account_id = fields.UUID(load_default=None)


class ChannelSchema(Schema):
    """A channel code."""

    id = fields.UUID(dump_only=True)
    version = fields.Integer(dump_only=True)
    account_id = fields.UUID(required=True, error_messages=REQUIRED)
    node_id = fields.UUID(required=True, error_messages=REQUIRED)
    name = Name(required=True)
    scene = Line(
        load_default=None,
        allow_none=True,
        validate=Regexp(r"[A-Za-z0-9_\-]{1,64}\Z", error=_l("Letters, digits, - and _, at most 64.")),
    )
    url = fields.String(dump_only=True)
    image_url = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    created_at = fields.AwareDateTime(dump_only=True)


class ChannelChangeSchema(Schema):
    """What of a channel code may be changed."""

    name = Name()
    node_id = fields.UUID()


class StoreSchema(Schema):
    """A store; coordinates are GCJ-02, as maps in China show them."""

    id = fields.UUID(dump_only=True)
    version = fields.Integer(dump_only=True)
    account_id = fields.UUID(required=True, error_messages=REQUIRED)
    name = Name(required=True)
    services = WordList(Line(validate=Length(1, 30)), validate=Length(max=30))
    address = Words(validate=Length(max=200))
    city = Words(validate=Length(max=60))
    district = Words(validate=Length(max=60))
    latitude = fields.Float(allow_none=True, validate=Range(-90, 90))
    longitude = fields.Float(allow_none=True, validate=Range(-180, 180))
    phone = Words(validate=Length(max=40))
    opening_hours = Words(validate=Length(max=120))

    @validates_schema
    def check_place(self, data: dict[str, Any], **_: Any) -> None:
        """A place has both coordinates or none."""
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            raise ValidationError(_l("Give both coordinates, or none."), "longitude")


class StoreChangeSchema(StoreSchema):
    """What of a store may be changed: any part."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"partial": True, **options})


class PersonSchema(Schema):
    """Whom one invites, in which role, on which accounts."""

    name = Name(required=True)
    role = fields.Enum(Role, by_value=True, required=True, error_messages=REQUIRED)
    account_ids = fields.List(fields.UUID(), load_default=list)


class BrandSchema(TenantChangeSchema):
    """The brand's settings, as the form sends them."""

    erase_reason = Words(validate=Length(max=500))
