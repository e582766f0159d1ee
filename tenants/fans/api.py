"""accounts/{id}/fans and accounts/{id}/messages: of a node and all below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response

from saas.auth.entry import requires
from saas.db import db
from saas.web.api import Blueprint, expected_version, page_schema, with_etag
from tenants.fans import services
from tenants.fans.models import Fan
from tenants.fans.permissions import FansPermission
from tenants.fans.schemas import FanChangeSchema, FanQuery, FanSchema, MessageQuery, MessageSchema

blueprint = Blueprint(
    "fans_api",
    __name__,
    url_prefix="/api/v1/tenants/<uuid:tenant_id>/accounts/<uuid:account_id>",
    description="Fans and messages",
)


@blueprint.get("/fans")
@requires(FansPermission.FANS_VIEW)
@blueprint.arguments(FanQuery, location="query")
@blueprint.response(200, page_schema(FanSchema))
def list_fans(query: dict[str, Any], account_id: UUID) -> dict[str, Any]:
    """The fans of a node and all below it, newest first."""
    cursor, limit = query.pop("cursor"), query.pop("limit")
    page = services.list_fans(account_id, services.FanFilter(**query), cursor=cursor, limit=limit)
    return {"items": _with_tags(page.items), "next_cursor": page.next_cursor}


@blueprint.get("/fans/<uuid:fan_id>")
@requires(FansPermission.FANS_VIEW)
@blueprint.response(200, FanSchema)
def get_fan(account_id: UUID, fan_id: UUID) -> Response:
    """One fan."""
    return _shown(services.access_fan(fan_id, below=account_id))


@blueprint.patch("/fans/<uuid:fan_id>")
@requires(FansPermission.FANS_EDIT)
@blueprint.arguments(FanChangeSchema)
@blueprint.response(200, FanSchema)
def update_fan(values: dict[str, Any], account_id: UUID, fan_id: UUID) -> Response:
    """Notes something about a fan, or replaces its tags."""
    fan = services.access_fan(fan_id, below=account_id)
    return _shown(services.update_fan(fan, values, version=expected_version()))


@blueprint.get("/messages")
@requires(FansPermission.MESSAGES_VIEW)
@blueprint.arguments(MessageQuery, location="query")
@blueprint.response(200, page_schema(MessageSchema))
def list_messages(query: dict[str, Any], account_id: UUID) -> dict[str, Any]:
    """The messages of a node and all below it, newest first."""
    cursor, limit = query.pop("cursor"), query.pop("limit")
    page = services.list_messages(account_id, services.MessageFilter(**query), cursor=cursor, limit=limit)
    return {"items": _with_states(page.items), "next_cursor": page.next_cursor}


def _shown(fan: Fan) -> Response:
    db.session.flush()  # the version is part of the answer
    (described,) = _with_tags([fan])
    return with_etag(FanSchema().dump(described), fan.version)


def _with_tags(fans: Any) -> list[dict[str, Any]]:
    tags = services.tags_of(fans)
    plain = [name for name in FanSchema().fields if name != "tags"]
    return [{**{name: getattr(fan, name) for name in plain}, "tags": [t.name for t in tags[fan.id]]} for fan in fans]


def _with_states(lines: Sequence[services.Message]) -> list[dict[str, Any]]:
    """What people sent says what became of it; what nothing is kept of any more was sent."""
    outcomes = services.outcomes_of(lines)
    plain = [name for name in MessageSchema().fields if name != "state"]
    states = {
        line.id: outcomes[line.id].state if line.id in outcomes else "done" for line in lines if line.author == "agent"
    }
    return [{**{name: getattr(line, name) for name in plain}, "state": states.get(line.id)} for line in lines]
