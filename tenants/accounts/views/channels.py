"""Channel codes (渠道码)."""

from __future__ import annotations

import io
from uuid import UUID

import segno
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from saas.auth.entry import requires
from saas.errors import NotFound
from saas.web.forms import Form, seen_version
from saas.web.render import render
from tenants.accounts import services
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import ChannelChangeSchema, ChannelSchema
from tenants.accounts.views import words
from tenants.accounts.views.blueprints import PLACE, blueprint

TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@blueprint.get(f"{PLACE}/channels")
@requires(AccountsPermission.CHANNELS_VIEW)
def channels(account_id: UUID) -> str:
    """The codes that count at or below the picked account."""
    search, cursor = request.args.get("q", ""), request.args.get("cursor")
    page = services.page_channels(below=account_id, search=search, cursor=cursor)
    return render("accounts/channels.html", page=page, labels=words)


@blueprint.get(f"{PLACE}/channels/new")
@requires(AccountsPermission.CHANNELS_EDIT)
def channel_new(account_id: UUID) -> str:
    """The form of a new code."""
    node = services.access_with_connection(account_id)
    form = Form(ChannelSchema(), {"node_id": account_id, "account_id": services.account_for_codes(node)})
    return render("accounts/channel_new.html", form=form, accounts=services.list_code_accounts(), nodes=services.pick())


@blueprint.post(f"{PLACE}/channels/new")
@requires(AccountsPermission.CHANNELS_EDIT)
def channel_create(account_id: UUID) -> Response:
    """Creates it."""
    channel = services.create_channel(**Form(ChannelSchema()).load())
    flash(_("WeChat is making the code; it is here in a moment."), "success")
    return redirect(url_for("accounts.channel", channel_id=channel.id))


@blueprint.get(f"{PLACE}/channels/<uuid:channel_id>")
@requires(AccountsPermission.CHANNELS_VIEW)
def channel(account_id: UUID, channel_id: UUID) -> str:
    """One code, its picture and its form."""
    found = services.access_channel(channel_id)
    form = Form.of(ChannelSchema(), found)
    return render("accounts/channel.html", channel=found, form=form, nodes=services.pick(), labels=words)


@blueprint.post(f"{PLACE}/channels/<uuid:channel_id>")
@requires(AccountsPermission.CHANNELS_EDIT)
def channel_update(account_id: UUID, channel_id: UUID) -> Response:
    """Renames a code, or counts its coming fans for another node."""
    form = Form(ChannelChangeSchema())
    values = form.load()
    services.update_channel(services.access_channel(channel_id), values, version=form.version)
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.channels"))


@blueprint.post(f"{PLACE}/channels/<uuid:channel_id>/retry")
@requires(AccountsPermission.CHANNELS_EDIT)
def channel_retry(account_id: UUID, channel_id: UUID) -> Response:
    """Asks WeChat for the code once more."""
    services.plan_code(services.access_channel(channel_id))
    flash(_("WeChat is making the code; it is here in a moment."), "success")
    return redirect(url_for("accounts.channel", channel_id=channel_id))


@blueprint.post(f"{PLACE}/channels/<uuid:channel_id>/delete")
@requires(AccountsPermission.CHANNELS_EDIT)
def channel_delete(account_id: UUID, channel_id: UUID) -> Response:
    """Forgets a code."""
    services.delete_channel(services.access_channel(channel_id), version=seen_version())
    flash(_("The channel code was deleted."), "success")
    return redirect(url_for("accounts.channels"))


@blueprint.get(f"{PLACE}/channels/<uuid:channel_id>/code.<any(svg, png):kind>")
@requires(AccountsPermission.CHANNELS_VIEW)
def channel_code(account_id: UUID, channel_id: UUID, kind: str) -> Response:
    """The picture of a code, to look at and to print; 404 while WeChat has not made it."""
    found = services.access_channel(channel_id)
    if not found.url:
        raise NotFound
    picture = io.BytesIO()
    segno.make(found.url, error="m", micro=False).save(picture, kind=kind, scale=10, border=2)
    response = Response(picture.getvalue(), content_type=TYPES[kind])
    if "download" in request.args:
        response.headers.set("Content-Disposition", "attachment", filename=f"{found.scene}.{kind}")
    return response
