"""Registers the platform's own doors: log-in, tokens, the audit, tenants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, g, has_request_context
from flask_smorest import Api

from saas.auth import api, brands, documents, services
from saas.auth.roles import Role
from saas.db import has_session
from saas.security.csrf import csrf


@dataclass(frozen=True)
class Brand:
    """A brand to switch to."""

    id: UUID
    name: str
    url: str


SEVERAL_BRANDS = frozenset({Role.AGENCY_ADMIN, Role.AGENCY_STAFF})


def plug_auth(app: Flask, json_api: Api) -> None:
    """The pages of people and the API of tenants."""
    app.register_blueprint(brands.blueprint)
    app.register_blueprint(documents.blueprint)
    csrf.exempt(api.blueprint)
    json_api.register_blueprint(api.blueprint)

    @app.context_processor
    def brand_switch() -> dict[str, Any]:
        identity = g.get("identity") if has_request_context() else None
        if identity is None or not has_session() or not identity.roles & SEVERAL_BRANDS:
            return {"brands": ()}
        return {"brands": [Brand(one.id, one.name, f"/t/{one.id}/") for one in services.list_visible_tenants(identity)]}
