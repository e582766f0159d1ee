"""The box for replies beside a conversation: open, or closed with the reason and what to do."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import lazy_gettext as _l

from tenants.fans import services as fans
from tenants.inbox.domain import Status
from tenants.inbox.models import Conversation

RESOLVED = _l("The conversation is resolved.")
OPENS_ANEW = _l("When the fan asks for a person again, a new conversation opens.")


def box_of(fan: fans.Fan, conversation: Conversation) -> fans.Allowed:
    """What may still be sent to the fan in this conversation."""
    allowed = fans.allowed_for(fan)
    if conversation.status != Status.RESOLVED:
        return allowed
    return replace(allowed, sentence=RESOLVED, advice=OPENS_ANEW, until=None, left=0)
