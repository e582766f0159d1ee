"""Uploading files to WeChat, and renewing the copies before they end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from saas.jobs.plan import Job, Slot
from tenants.accounts import services as accounts
from tenants.library import services
from tenants.library.domain import ENDINGS

LASTS = timedelta(days=3) - timedelta(hours=2)


def upload(*, media_id: str, account_id: str) -> None:
    """Gives one account its copy of a file."""
    make_copy(UUID(media_id), UUID(account_id))


def make_copy(media_id: UUID, account_id: UUID) -> str:
    """Uploads a file for one account, and keeps the id that WeChat gives; raises NotFound and WeChatError."""
    media = services.access_media(media_id)
    client = accounts.client_of(account_id)
    name = f"{media.id}.{ENDINGS[media.content_type]}"
    copy = client.upload_media(media.kind, name, services.read_content(media))
    services.record_upload(media.id, account_id, wechat_id=copy.media_id, lasts=LASTS)
    return copy.media_id


JOBS = (Job(name=services.UPLOAD_JOB, run=upload), Job(name="library.renew", run=services.plan_renewals))
SCHEDULE = (Slot(job="library.renew", minutes=360),)
