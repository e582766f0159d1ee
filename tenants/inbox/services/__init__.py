"""The verbs of the inbox: conversations, and what people send to one fan."""

from __future__ import annotations

from tenants.inbox.services.conversations import (
    ConversationFilter,
    access_conversation,
    conversations_of,
    count_conversations,
    count_waiting,
    erase_fan,
    export_fan,
    list_conversations,
    list_todos,
    open_conversations,
    resolve_conversation,
)
from tenants.inbox.services.replying import box_of
from tenants.inbox.services.sending import (
    dismiss,
    list_pictures,
    note_answer,
    note_report,
    note_reports,
    picture,
    reply,
    send_again,
    send_message,
    words,
)
from tenants.inbox.services.templates import FilledTemplate, fill_template, read_again

__all__ = [
    "ConversationFilter",
    "FilledTemplate",
    "access_conversation",
    "box_of",
    "conversations_of",
    "count_conversations",
    "count_waiting",
    "dismiss",
    "erase_fan",
    "export_fan",
    "fill_template",
    "list_conversations",
    "list_pictures",
    "list_todos",
    "note_answer",
    "note_report",
    "note_reports",
    "open_conversations",
    "picture",
    "read_again",
    "reply",
    "resolve_conversation",
    "send_again",
    "send_message",
    "words",
]
