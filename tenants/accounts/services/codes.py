"""Having WeChat make a channel code."""

from __future__ import annotations

from uuid import UUID

from saas.db import db
from saas.errors import AppError
from saas.tenancy.scope import current_scope
from saas.wechat.errcodes import Reaction
from saas.wechat.errors import WeChatError
from tenants.accounts.errors import NotConnected
from tenants.accounts.models import Channel
from tenants.accounts.services.calls import client_of


def make_code(channel_id: UUID) -> None:
    """Asks WeChat for the code; what it refuses stands at the channel, to be tried again by a person.

    Raises WeChatError where the same call may work in a moment.
    """
    channel = db.session.get(Channel, (current_scope().tenant.id, channel_id))
    if channel is None or channel.url:
        return
    try:
        client = client_of(channel.account_id)
        code = client.create_qrcode(channel.scene)
    except (NotConnected, WeChatError) as error:
        if isinstance(error, WeChatError) and error.reaction is Reaction.RETRY:
            raise
        channel.error = _reason(error)
        return
    channel.ticket, channel.url, channel.error = code.ticket, code.url, ""
    channel.image_url = client.show_qrcode_url(code.ticket)


def _reason(error: AppError) -> str:
    return str(error.errcode or "unreached") if isinstance(error, WeChatError) else error.code
