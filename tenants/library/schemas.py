"""A file of the library, for the form and the API."""

from __future__ import annotations

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf

from saas.auth.schemas import REQUIRED, Line
from tenants.library.domain import MediaKind


class MediaSchema(Schema):
    """`id` is ours; WeChat's own ids never leave the platform."""

    id = fields.UUID(dump_only=True)
    kind = fields.String(required=True, validate=OneOf(list(MediaKind)), error_messages=REQUIRED)
    name = Line(required=True, validate=Length(1, 100), error_messages=REQUIRED)
    content_type = fields.String(dump_only=True)
    size = fields.Integer(dump_only=True)
    created_at = fields.AwareDateTime(dump_only=True)
