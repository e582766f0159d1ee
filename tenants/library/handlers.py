"""WeChat's door, outward: which id a file has there when a message needs it."""

from __future__ import annotations

from uuid import UUID

from tenants.library import services
from tenants.library.jobs import make_copy


def wechat_copy(media_id: UUID, account_id: UUID, *, refused: str = "") -> str:
    """WeChat's id of a file in an account, other than one it refused; uploads the file when there is none.

    Raises NotFound when the file is gone, NotConnected and WeChatError.
    """
    known = services.resolve_media([media_id], account_id).get(media_id)
    return known if known and known != refused else make_copy(media_id, account_id)
