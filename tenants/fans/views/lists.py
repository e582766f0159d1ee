"""The list of fans, what is done with many of them, and the message log."""

from __future__ import annotations

from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from saas.auth.entry import requires
from saas.security import audit
from saas.web.forms import Form
from saas.web.paging import MOST, every_row
from saas.web.render import render
from saas.web.sheets import send_sheet
from tenants.fans import services
from tenants.fans.permissions import FansPermission
from tenants.fans.schemas import TagSchema
from tenants.fans.views import labels
from tenants.fans.views.blueprint import blueprint
from tenants.fans.views.export import fans_sheet, messages_sheet
from tenants.fans.views.queries import read_fan_filter, read_message_filter

MOST_LINES = 20_000


@blueprint.get("")
@requires(FansPermission.FANS_VIEW)
def index(account_id: UUID) -> str:
    """The fans of a node and all below it."""
    wanted, cursor = read_fan_filter()
    page = services.list_fans(account_id, wanted, cursor=cursor)
    found = {
        "tags": services.tags_of(page.items),
        "known_tags": services.list_tags(account_id),
        "total": services.count_fans(account_id, wanted),
    }
    return render("fans/list.html", page=page, labels=labels, most=services.MOST_COUNTED, **found)


@blueprint.get("/export.<any(csv, xlsx):form>")
@requires(FansPermission.FANS_EXPORT)
def export(account_id: UUID, form: str) -> Response:
    """What the list shows, as a file."""
    wanted, _cursor = read_fan_filter()
    return send_sheet(fans_sheet(services.all_fans(account_id, wanted)), form)


@blueprint.post("/tags")
@requires(FansPermission.FANS_EDIT)
def tag(account_id: UUID) -> Answer:
    """Puts a tag on the chosen fans, or takes it off."""
    values = Form(TagSchema()).load()
    fans = services.access_fans(values["ids"])
    remove = values["act"] == "remove"
    changed = (services.untag_fans if remove else services.tag_fans)(fans, values["tag"])
    audit.note("delete" if remove else "create", "fan_tags", tag=values["tag"], fans=[fan.id for fan in fans])
    flash(_tagged(changed, values["tag"], remove=remove), "success")
    return redirect(f"{url_for('fans.index')}?{request.query_string.decode()}")


@blueprint.get("/messages")
@requires(FansPermission.MESSAGES_VIEW)
def messages(account_id: UUID) -> str:
    """The message log of a node and all below it."""
    wanted, cursor = read_message_filter()
    page = services.list_messages(account_id, wanted, cursor=cursor)
    fans = services.fans_by_id(line.fan_id for line in page.items)
    return render("fans/messages.html", page=page, fan_of=fans, names=services.names_of(page.items), labels=labels)


@blueprint.get("/messages/export.<any(csv, xlsx):form>")
@requires(FansPermission.FANS_EXPORT)
def export_messages(account_id: UUID, form: str) -> Response:
    """What the log shows, as a file: the newest lines, as many as a page may take to make."""
    wanted, _cursor = read_message_filter()
    lines = every_row(
        lambda cursor: services.list_messages(account_id, wanted, cursor=cursor, limit=MOST), most=MOST_LINES
    )
    return send_sheet(messages_sheet(lines), form)


def _tagged(changed: int, name: str, *, remove: bool) -> str:
    if remove:
        return _("“%(tag)s” was taken off %(n)s fans.", tag=name, n=changed)
    return _("“%(tag)s” was put on %(n)s fans.", tag=name, n=changed)
