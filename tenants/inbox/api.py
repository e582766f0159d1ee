"""conversations: what a person must take; and what a person sends to a fan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Response

from saas.auth.entry import requires
from saas.db import db
from saas.web.api import Blueprint, expected_version, page_schema, with_etag
from saas.web.paging import Page
from saas.wechat.outbox import State
from tenants.fans import services as fans
from tenants.inbox import services
from tenants.inbox.models import Conversation
from tenants.inbox.permissions import InboxPermission
from tenants.inbox.schemas import ConversationQuery, ConversationSchema, NewMessageSchema, SentSchema

blueprint = Blueprint(
    "inbox_api", __name__, url_prefix="/api/v1/tenants/<uuid:tenant_id>", description="Conversations and sent messages"
)


@blueprint.get("/conversations")
@requires(InboxPermission.INBOX_VIEW)
@blueprint.arguments(ConversationQuery, location="query")
@blueprint.response(200, page_schema(ConversationSchema))
def list_conversations(query: dict[str, Any]) -> Page[Conversation]:
    """The conversations in sight: the longest waiting first, resolved ones the newest first."""
    cursor, limit = query.pop("cursor"), query.pop("limit")
    return services.list_conversations(services.ConversationFilter(**query), cursor=cursor, limit=limit)


@blueprint.get("/conversations/<uuid:conversation_id>")
@requires(InboxPermission.INBOX_VIEW)
@blueprint.response(200, ConversationSchema)
def get_conversation(conversation_id: UUID) -> Response:
    """One conversation."""
    return _shown(services.access_conversation(conversation_id))


@blueprint.post("/conversations/<uuid:conversation_id>/resolve")
@requires(InboxPermission.INBOX_WORK)
@blueprint.response(200, ConversationSchema)
def resolve_conversation(conversation_id: UUID) -> Response:
    """Ends a conversation; the fan's next hand-over opens another."""
    conversation = services.access_conversation(conversation_id)
    return _shown(services.resolve_conversation(conversation, version=expected_version()))


@blueprint.post("/accounts/<uuid:account_id>/messages")
@requires(InboxPermission.INBOX_WORK)
@blueprint.arguments(NewMessageSchema)
@blueprint.response(201, SentSchema)
def send_message(values: dict[str, Any], account_id: UUID) -> dict[str, Any]:
    """Sends a text, a picture of the library or a template message to one fan; send an Idempotency-Key along."""
    fan = fans.access_fan(values["fan_id"], below=account_id)
    line = SENDERS[values["type"]](fan, values)
    return {**{name: getattr(line, name) for name in LINE}, "state": State.PLANNED}


def _send_template(fan: fans.Fan, values: dict[str, Any]) -> fans.Message:
    filled = services.fill_template(fan, values["template_id"], values["data"], url=values["url"])
    return services.send_message(fan, filled.effect, filled=filled.words)


SENDERS: Mapping[str, Callable[[fans.Fan, dict[str, Any]], fans.Message]] = {
    "text": lambda fan, values: services.send_message(fan, services.words(fan, values["content"])),
    "image": lambda fan, values: services.send_message(fan, services.picture(fan, values["media_id"])),
    "template": _send_template,
}
LINE = tuple(name for name in SentSchema().fields if name != "state")


def _shown(conversation: Conversation) -> Response:
    db.session.flush()  # the version is part of the answer
    return with_etag(ConversationSchema().dump(conversation), conversation.version)
