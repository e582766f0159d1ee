"""The list of conversations, one of them, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response as File
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.web.filters import moment
from saas.web.forms import Form
from saas.web.paging import MOST, every_row
from saas.web.queries import read_query
from saas.web.render import is_fragment, render
from saas.web.sheets import Sheet, send_sheet
from tenants.fans import services as fans
from tenants.inbox import services
from tenants.inbox.domain import Status
from tenants.inbox.models import Conversation
from tenants.inbox.permissions import InboxPermission
from tenants.inbox.schemas import PageQuery, ResolveSchema
from tenants.inbox.services import ConversationFilter
from tenants.inbox.views import labels
from tenants.inbox.views.blueprint import blueprint
from tenants.inbox.views.replying import new_form, shown


@blueprint.get("")
@requires(InboxPermission.INBOX_VIEW)
def index(account_id: UUID) -> str:
    """The conversations of a node and all below it."""
    query = read_query(PageQuery())
    cursor, status = query.pop("cursor"), query.pop("status") or Status.WAITING.value
    wanted = ConversationFilter(**query, status=status, account_id=account_id)
    page = services.list_conversations(wanted, cursor=cursor)
    ids = [one.fan_id for one in page.items]
    found: dict[str, Any] = {
        "fan_of": fans.fans_by_id(ids),
        "last_words": fans.last_words(ids),
        "names": fans.names_of(page.items),
    }
    counts = services.count_conversations(ConversationFilter(account_id=account_id))
    template = "inbox/_renewed.html" if is_fragment() else "inbox/list.html"
    found |= {"counts": counts, "troubled": fans.count_undelivered(account_id=account_id)}
    return render(template, part="inbox/_list.html", page=page, status=status, labels=labels, **found)


@blueprint.get("/export.<any(csv, xlsx):form>")
@requires(InboxPermission.INBOX_VIEW)
def export(account_id: UUID, form: str) -> File:
    """What the list shows, as a file; of the fans no more than that they asked."""
    query = read_query(PageQuery(exclude=("cursor",)))
    status = query.pop("status") or Status.WAITING.value
    wanted = ConversationFilter(**query, status=status, account_id=account_id)
    rows = list(every_row(lambda cursor: services.list_conversations(wanted, cursor=cursor, limit=MOST)))
    return send_sheet(_sheet(rows), form)


@blueprint.get("/<uuid:conversation_id>")
@requires(InboxPermission.INBOX_VIEW)
def show(account_id: UUID, conversation_id: UUID) -> str:
    """A conversation beside all that was said with the fan; for htmx the part before."""
    conversation = services.access_conversation(conversation_id)
    found = shown(conversation, cursor=request.args.get("cursor"))
    if is_fragment():
        return render("inbox/_lines.html", **found)
    fan = fans.access_fan(conversation.fan_id)
    beside = {"tags": fans.tags_of([fan])[fan.id], "others": services.conversations_of(fan.id)}
    return render("inbox/show.html", form=new_form(), pictures=services.list_pictures(), **found, **beside)


@blueprint.post("/<uuid:conversation_id>/resolve")
@requires(InboxPermission.INBOX_WORK)
def resolve(account_id: UUID, conversation_id: UUID) -> Response:
    """Ends a conversation."""
    conversation, form = services.access_conversation(conversation_id), Form(ResolveSchema())
    services.resolve_conversation(conversation, version=form.load()["version"])
    flash(_("The conversation is resolved. If the fan asks again, a new one opens."), "success")
    return redirect(url_for("inbox.index"))


def _sheet(conversations: Sequence[Conversation]) -> Sheet:
    heads = [_("Account"), _("Why"), _("State"), _("Waiting since"), _("Resolved"), _("Resolved by")]
    names = fans.names_of(conversations)
    return Sheet(_("Conversations"), heads, [_row(one, names.get(one.account_id, "")) for one in conversations])


def _row(one: Conversation, account: str) -> Sequence[str]:
    since, until = (moment(at) if at else "" for at in (one.waiting_since, one.resolved_at))
    reason = labels.REASONS.get(one.reason, one.reason)
    return [account, str(reason), str(labels.STATUSES[one.status]), since, until, one.resolved_by]
