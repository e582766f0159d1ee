"""channels: QR codes of an account, each counting for a node."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from saas.auth.entry import requires
from saas.db import db
from saas.web.api import expected_version, page_schema, with_etag
from saas.web.paging import Page
from tenants.accounts import services
from tenants.accounts.api.blueprint import blueprint
from tenants.accounts.permissions import AccountsPermission
from tenants.accounts.schemas import ChannelChangeSchema, ChannelSchema, PlaceQuery


@blueprint.get("/channels")
@requires(AccountsPermission.CHANNELS_VIEW)
@blueprint.arguments(PlaceQuery, location="query")
@blueprint.response(200, page_schema(ChannelSchema))
def list_channels(query: dict[str, Any]) -> Page[services.Channel]:
    """The channel codes in sight, by name; `account_id` narrows to those counting at or below a node."""
    return services.page_channels(
        below=query["account_id"], search=query["q"], cursor=query["cursor"], limit=query["limit"]
    )


@blueprint.post("/channels")
@requires(AccountsPermission.CHANNELS_EDIT)
@blueprint.arguments(ChannelSchema)
@blueprint.response(201, ChannelSchema)
def create_channel(values: dict[str, Any]) -> Response:
    """Creates a permanent code; `url` and `image_url` are there once WeChat has made it."""
    return _shown(services.create_channel(**values), 201)


@blueprint.get("/channels/<uuid:channel_id>")
@requires(AccountsPermission.CHANNELS_VIEW)
@blueprint.response(200, ChannelSchema)
def get_channel(channel_id: UUID) -> Response:
    """One channel code."""
    return _shown(services.access_channel(channel_id))


@blueprint.patch("/channels/<uuid:channel_id>")
@requires(AccountsPermission.CHANNELS_EDIT)
@blueprint.arguments(ChannelChangeSchema)
@blueprint.response(200, ChannelSchema)
def update_channel(values: dict[str, Any], channel_id: UUID) -> Response:
    """Renames a code, or counts its coming fans for another node."""
    channel = services.access_channel(channel_id)
    return _shown(services.update_channel(channel, values, version=expected_version()))


@blueprint.delete("/channels/<uuid:channel_id>")
@requires(AccountsPermission.CHANNELS_EDIT)
@blueprint.response(204)
def delete_channel(channel_id: UUID) -> None:
    """Forgets a code; who still scans it counts for the account's own node."""
    services.delete_channel(services.access_channel(channel_id), version=expected_version())


def _shown(channel: services.Channel, status: int = 200) -> Response:
    db.session.flush()  # the version is part of the answer
    return with_etag(ChannelSchema().dump(channel), channel.version, status)
