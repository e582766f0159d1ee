"""The JSON door: an OpenAPI 3.1 application of flask-smorest, problem+json, versions as ETags, lists with cursors."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from flask import Flask, Request, Response, make_response, request
from flask_babel import lazy_gettext as _l
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import INCLUDE, Schema, fields
from marshmallow.validate import Range
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from saas.errors import Invalid

PROBLEM = "application/problem+json"
_VERSION = re.compile(r"[0-9]{1,18}")


class ProblemSchema(Schema):
    """An error as RFC 9457 writes it; `fields` says what is wrong with each field. An error may tell more facts."""

    class Meta:
        """Members beyond these: RFC 9457, section 3.2."""

        unknown = INCLUDE

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    request_id = fields.String(required=True)
    fields = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))  # type: ignore[assignment]


class JsonApi(Api):  # type: ignore[misc]
    """flask-smorest's application, with our errors in place of its own."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Nothing: `saas.web.errors` translates every error once."""

    def _register_responses(self) -> None:
        """Every error is described as what it is: problem+json."""
        names = {status.name: status.phrase for status in HTTPStatus} | {"DEFAULT_ERROR": "Any error"}
        for name, phrase in names.items():
            response = {"description": phrase, "content": {PROBLEM: {"schema": self.ERROR_SCHEMA}}}
            self.spec.components.response(name, response, lazy=True)


class JsonParser(FlaskParser):
    """Reads the bodies of requests; what is sent as anything but JSON is refused, not passed over."""

    def _raw_load_json(self, req: Request) -> Any:
        if req.get_data() and not req.is_json:
            raise UnsupportedMediaType
        try:
            return super()._raw_load_json(req)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError):  # not UTF-8, a number of thousands of digits, thousands of brackets
            raise BadRequest from None


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A part of the API."""

    ARGUMENTS_PARSER = JsonParser()


class ListQuery(Schema):
    """What every list takes."""

    cursor = fields.String(load_default=None)
    limit = fields.Integer(load_default=50, validate=Range(1, 200))


def page_schema(item: type[Schema]) -> Schema:
    """`{"items": [...], "next_cursor": ...}` of an item's schema."""
    name = item.__name__.removesuffix("Schema")
    members = {"items": fields.List(fields.Nested(item), required=True), "next_cursor": fields.String(allow_none=True)}
    return type(f"{name}PageSchema", (Schema,), members)()


def expected_version() -> int | None:
    """The version named by If-Match, or None when the caller doesn't care. Raises Invalid when it is not ours."""
    header = request.headers.get("If-Match")
    if header is None or header == "*":
        return None
    value = header.removeprefix("W/").strip('"')
    if not _VERSION.fullmatch(value):
        raise Invalid({"If-Match": [_l("Send the ETag as you got it.")]})
    return int(value)


def with_etag(body: Any, version: int, status: int = 200) -> Response:
    """A dumped object with its version as ETag."""
    response = make_response(body, status)
    response.headers["ETag"] = f'"{version}"'
    return response


def init_app(app: Flask, title: str, version: str) -> Api:
    """The API object that the capabilities register with."""
    app.config.update(
        API_TITLE=title,
        API_VERSION=version,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
        PROPAGATE_EXCEPTIONS=False,
    )
    api = JsonApi()
    api.init_app(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    api.spec.options["security"] = [{"token": []}]
    app.extensions["openapi"] = api.spec
    return api
