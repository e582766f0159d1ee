"""The query of a page's address, checked by a schema."""

from __future__ import annotations

from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError

from saas.errors import Invalid
from saas.web.forms import flattened


def read_query(schema: Schema) -> dict[str, Any]:
    """The values of the address, empty ones left out; raises Invalid."""
    given = {name: value for name, value in request.args.items() if value}
    try:
        loaded: dict[str, Any] = schema.load(given, unknown=EXCLUDE)
    except ValidationError as error:
        raise Invalid(flattened(error.normalized_messages())) from None
    return loaded
