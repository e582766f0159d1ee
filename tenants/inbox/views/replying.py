"""Answering a fan: the box, the part of the page that renews itself, and what is done with a message that failed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from flask_babel import gettext as _

from saas.auth.entry import requires
from saas.web.forms import Form
from saas.web.queries import read_query
from saas.web.render import render
from tenants.fans import services as fans
from tenants.inbox import services
from tenants.inbox.models import Conversation
from tenants.inbox.permissions import InboxPermission
from tenants.inbox.schemas import LiveQuery, ReplySchema
from tenants.inbox.views import labels
from tenants.inbox.views.blueprint import blueprint


@blueprint.get("/<uuid:conversation_id>/live")
@requires(InboxPermission.INBOX_VIEW)
def live(account_id: UUID, conversation_id: UUID) -> str:
    """What changes on the page of a conversation: lines, what may be sent, the state."""
    conversation = services.access_conversation(conversation_id)
    since: datetime | None = read_query(LiveQuery())["since"]
    return render("inbox/_live.html", **shown(conversation, since=since))


@blueprint.post("/<uuid:conversation_id>/reply")
@requires(InboxPermission.INBOX_WORK)
def reply(account_id: UUID, conversation_id: UUID) -> str:
    """Sends words or a picture; the answer is the empty box, which has the page renewed."""
    conversation = services.access_conversation(conversation_id)
    values = Form(ReplySchema()).load()
    services.reply(conversation, content=values["content"], media_id=values["media_id"])
    sent = {"conversation": conversation, "is_sent": True}
    if values["media_id"] is not None:
        return render("inbox/_pictures.html", form=new_form(), pictures=services.list_pictures(), **sent)
    return render("inbox/_box.html", form=new_form(), **sent)


@blueprint.post("/messages/<uuid:message_id>/again")
@requires(InboxPermission.INBOX_WORK)
def send_again(account_id: UUID, message_id: UUID) -> str:
    """Sends what was refused, or may not have arrived, as a new message."""
    services.send_again(fans.access_sent(message_id))
    return render("inbox/_done.html", sentence=_("Planned as a new message."))


@blueprint.post("/messages/<uuid:message_id>/dismiss")
@requires(InboxPermission.INBOX_WORK)
def dismiss(account_id: UUID, message_id: UUID) -> str:
    """Lets a message be that was refused or whose fate is unknown."""
    services.dismiss(fans.access_sent(message_id))
    return render("inbox/_done.html", sentence=_("Left as it is."))


def shown(conversation: Conversation, *, cursor: str | None = None, since: datetime | None = None) -> dict[str, object]:
    """What the page of a conversation shows, and renews: the newest lines, those since a moment, or those before."""
    fan = fans.access_fan(conversation.fan_id)
    page = fans.timeline(fan, cursor=cursor) if since is None else fans.timeline_since(fan, since)
    return {
        "conversation": conversation,
        "fan": fan,
        "page": page,
        "outcomes": fans.outcomes_of(page.items),
        "box": services.box_of(fan, conversation),
        "labels": labels,
        "is_sent": False,
    }


def new_form() -> Form:
    """An empty reply; its `once` has it sent a single time, however often the button is pressed."""
    return Form(ReplySchema(), {"once": str(uuid4())})
