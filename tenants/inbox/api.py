"""conversations: what a person must take."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from saas.auth.entry import requires
from saas.db import db
from saas.web.api import Blueprint, expected_version, page_schema, with_etag
from saas.web.paging import Page
from tenants.inbox import services
from tenants.inbox.models import Conversation
from tenants.inbox.permissions import InboxPermission
from tenants.inbox.schemas import ConversationQuery, ConversationSchema

blueprint = Blueprint(
    "inbox_api", __name__, url_prefix="/api/v1/tenants/<uuid:tenant_id>/conversations", description="Conversations"
)


@blueprint.get("")
@requires(InboxPermission.INBOX_VIEW)
@blueprint.arguments(ConversationQuery, location="query")
@blueprint.response(200, page_schema(ConversationSchema))
def list_conversations(query: dict[str, Any]) -> Page[Conversation]:
    """The conversations in sight: the longest waiting first, resolved ones the newest first."""
    cursor, limit = query.pop("cursor"), query.pop("limit")
    return services.list_conversations(services.ConversationFilter(**query), cursor=cursor, limit=limit)


@blueprint.get("/<uuid:conversation_id>")
@requires(InboxPermission.INBOX_VIEW)
@blueprint.response(200, ConversationSchema)
def get_conversation(conversation_id: UUID) -> Response:
    """One conversation."""
    return _shown(services.access_conversation(conversation_id))


@blueprint.post("/<uuid:conversation_id>/resolve")
@requires(InboxPermission.INBOX_WORK)
@blueprint.response(200, ConversationSchema)
def resolve_conversation(conversation_id: UUID) -> Response:
    """Ends a conversation; the fan's next hand-over opens another."""
    conversation = services.access_conversation(conversation_id)
    return _shown(services.resolve_conversation(conversation, version=expected_version()))


def _shown(conversation: Conversation) -> Response:
    db.session.flush()  # the version is part of the answer
    return with_etag(ConversationSchema().dump(conversation), conversation.version)
