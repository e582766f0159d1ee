"""The pages of the library."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from saas.auth.entry import requires
from saas.errors import Invalid
from saas.web.forms import Form
from saas.web.render import render
from tenants.library import services
from tenants.library.permissions import LibraryPermission
from tenants.library.schemas import MediaSchema

blueprint = Blueprint("library", __name__, url_prefix="/t/<uuid:tenant_id>/a/<uuid:account_id>/library")
# A stored file is a stranger's: shown alone it may run nothing.
ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"


@blueprint.get("")
@requires(LibraryPermission.VIEW)
def index(account_id: UUID) -> str:
    """The brand's files."""
    kind, search = request.args.get("kind", ""), request.args.get("q", "")
    page = services.list_media(kind=kind, search=search, cursor=request.args.get("cursor"))
    return render("library/list.html", page=page, form=Form(MediaSchema(), {"kind": kind or "image"}))


@blueprint.post("")
@requires(LibraryPermission.EDIT)
def create(account_id: UUID) -> Answer:
    """Adds a file."""
    upload = request.files.get("file")
    form = Form(MediaSchema(), {"name": upload.filename if upload else None})
    values = form.load()
    if upload is None:
        raise Invalid({"file": [form.schema.fields["name"].error_messages["required"]]})
    services.create_media(kind=values["kind"], name=values["name"], content=upload.read())
    return redirect(url_for("library.index", kind=values["kind"]))


@blueprint.get("/<uuid:media_id>/file")
@requires(LibraryPermission.VIEW)
def content(account_id: UUID, media_id: UUID) -> Response:
    """The file itself, under a name of ours and unable to run anything."""
    media = services.access_media(media_id)
    response = Response(services.read_content(media), content_type=media.content_type)
    response.headers["Content-Security-Policy"] = ALONE
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@blueprint.post("/<uuid:media_id>/delete")
@requires(LibraryPermission.EDIT)
def delete(account_id: UUID, media_id: UUID) -> Answer:
    """Takes a file out."""
    services.delete_media(services.access_media(media_id))
    return redirect(url_for("library.index"))
