"""One fan: who it is, what was said, and its rights."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Response, flash, json, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from saas.auth.entry import requires
from saas.security import audit
from saas.web.forms import Form
from saas.web.render import is_fragment, render
from tenants.fans import jobs, services
from tenants.fans.permissions import FansPermission
from tenants.fans.schemas import FanFormSchema
from tenants.fans.views import labels
from tenants.fans.views.blueprint import blueprint


@blueprint.get("/<uuid:fan_id>")
@requires(FansPermission.FANS_VIEW)
def show(account_id: UUID, fan_id: UUID) -> str:
    """A fan with the newest part of its timeline; for htmx the part before a cursor."""
    fan = services.access_fan(fan_id, below=account_id)
    page = services.timeline(fan, cursor=request.args.get("cursor"))
    outcomes = services.outcomes_of(page.items)
    if is_fragment() and "cursor" in request.args:
        return render("fans/_lines.html", page=page, fan=fan, outcomes=outcomes)
    tags = services.tags_of([fan])[fan.id]
    form = Form(FanFormSchema(), {"remark": fan.remark, "tags": " ".join(t.name for t in tags), "version": fan.version})
    known = services.list_tags(account_id)
    found = {"outcomes": outcomes, "allowed": services.allowed_for(fan), "labels": labels}
    return render("fans/show.html", fan=fan, page=page, tags=tags, form=form, known_tags=known, **found)


@blueprint.post("/<uuid:fan_id>")
@requires(FansPermission.FANS_EDIT)
def update(account_id: UUID, fan_id: UUID) -> Answer:
    """Notes something about a fan, and its tags."""
    fan, form = services.access_fan(fan_id, below=account_id), Form(FanFormSchema())
    values = form.load()
    services.update_fan(fan, {"remark": values["remark"], "tags": values["tags"]}, version=form.version)
    flash(_("Saved."), "success")
    return redirect(url_for("fans.show", fan_id=fan.id))


@blueprint.post("/<uuid:fan_id>/export")
@requires(FansPermission.FANS_EXPORT)
def export_one(account_id: UUID, fan_id: UUID) -> Response:
    """All that is kept of one fan, to hand out on request."""
    fan = services.access_fan(fan_id, below=account_id)
    kept = services.export_fan(fan.id, jobs.export_hooks())
    audit.note("export", "fans", id=fan.id)
    response = Response(json.dumps(kept, indent=2, default=_written), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="fan-{fan.id}.json"'
    return response


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


@blueprint.post("/<uuid:fan_id>/erase")
@requires(FansPermission.FANS_ERASE)
def erase(account_id: UUID, fan_id: UUID) -> Answer:
    """Forgets one fan now."""
    fan = services.access_fan(fan_id, below=account_id)
    if services.erase_fan(fan.id, jobs.erase_hooks()):
        flash(_("The fan is forgotten: identity and messages are gone, the figures stay."), "success")
    else:
        services.ask_erasure(fan.id)
        flash(_("A message of this fan has just arrived. The fan is forgotten within minutes."), "info")
    return redirect(url_for("fans.show", fan_id=fan.id))
