"""The pages of the inbox: conversations, replies, what was not delivered, template messages."""

from __future__ import annotations

from tenants.inbox.views import conversations, replying, templates, undelivered
from tenants.inbox.views.blueprint import blueprint

__all__ = ["blueprint", "conversations", "replying", "templates", "undelivered"]
