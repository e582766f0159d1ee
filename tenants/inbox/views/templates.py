"""Sending a template message to one fan: choose, fill, look at it, send."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.tenancy.scope import current_scope
from saas.web.forms import Form
from saas.web.render import render
from tenants.fans import services as fans
from tenants.inbox import services
from tenants.inbox.permissions import InboxPermission
from tenants.inbox.schemas import TemplateSchema
from tenants.inbox.views.blueprint import blueprint
from tenants.library import services as library


@blueprint.get("/fans/<uuid:fan_id>/template")
@requires(InboxPermission.INBOX_WORK)
def template_new(account_id: UUID, fan_id: UUID) -> str:
    """The account's templates, and the fields of the chosen one."""
    fan = fans.access_fan(fan_id)
    known = library.templates_of(fan.account_id)
    wanted = request.args.get("template", "")
    chosen = next((one for one in known.items if one.id == wanted), next(iter(known.items), None))
    form = Form(TemplateSchema(), {"once": str(uuid4()), "template_id": chosen.id if chosen else ""})
    found = {
        "fields": library.fields_of(chosen) if chosen else [],
        "parts": list(library.parts_of(chosen.content)) if chosen else [],
        "allowed": fans.allowed_for(fan),
    }
    return render("inbox/template.html", fan=fan, known=known, chosen=chosen, form=form, **found)


@blueprint.post("/fans/<uuid:fan_id>/template")
@requires(InboxPermission.INBOX_WORK)
def template_send(account_id: UUID, fan_id: UUID) -> Response:
    """Sends it."""
    fan, values = fans.access_fan(fan_id), Form(TemplateSchema()).load()
    filled = services.fill_template(fan, values["template_id"], values["data"], url=values["url"])
    services.send_message(fan, filled.effect, filled=filled.words)
    flash(_("The template message is on its way. What becomes of it stands in the timeline."), "success")
    return redirect(url_for("fans.show", fan_id=fan.id, account_id=_place(fan)))


@blueprint.post("/fans/<uuid:fan_id>/templates")
@requires(InboxPermission.INBOX_WORK)
def templates_read(account_id: UUID, fan_id: UUID) -> Response:
    """Has the account's templates read from WeChat."""
    fan = fans.access_fan(fan_id)
    library.ask_templates(fan.account_id)
    return redirect(url_for("inbox.template_new", fan_id=fan.id))


def _place(fan: fans.Fan) -> UUID:
    return fan.node_id if current_scope().sees(fan.node_id) else fan.account_id
