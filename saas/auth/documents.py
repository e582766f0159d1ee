"""The API's description: OpenAPI 3.1 for programs, a page for people."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from saas.auth.entry import public
from saas.web.render import render

blueprint = Blueprint("documents", __name__, url_prefix="/api/v1")
METHODS = ("get", "post", "patch", "put", "delete")


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """The description."""
    return jsonify(_description())


@blueprint.get("/docs")
@public
def read() -> str:
    """The same, to read."""
    description = _description()
    groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, item in sorted(description["paths"].items()):
        for method in METHODS:
            if method in item:
                groups.setdefault(item[method]["tags"][0], []).append((method.upper(), path, item[method]))
    return render("auth/api_docs.html", groups=groups, schemas=description["components"]["schemas"])


def _description() -> dict[str, Any]:
    description: dict[str, Any] = current_app.extensions["openapi"].to_dict()
    return description
