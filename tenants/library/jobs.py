"""Uploading files to WeChat and renewing the copies before they end; reading the message templates of accounts."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from saas.jobs.plan import Job, Slot
from saas.wechat.errors import WeChatError
from tenants.accounts import services as accounts
from tenants.library import services
from tenants.library.domain import ENDINGS, Template

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


def read_templates(*, account_id: str) -> None:
    """Reads an account's message templates; what goes wrong is kept in WeChat's words, for whoever asked."""
    account = UUID(account_id)
    try:
        found = accounts.client_of(account).get_templates()
    except WeChatError as error:
        services.keep_trouble(account, error.errcode)
    else:
        services.keep_templates(account, [Template(t.template_id, t.title, t.content, t.example) for t in found])


def read_all_templates() -> None:
    """Plans the reading of every list that somebody has asked for before."""
    connected = set(accounts.connected_ids())
    for account_id in services.asked_ids():
        if account_id in connected:
            services.ask_templates(account_id)


JOBS = (
    Job(name=services.UPLOAD_JOB, run=upload),
    Job(name="library.renew", run=services.plan_renewals),
    Job(name=services.TEMPLATES_JOB, run=read_templates),
    Job(name="library.read_all_templates", run=read_all_templates),
)
SCHEDULE = (Slot(job="library.renew", minutes=360), Slot(job="library.read_all_templates", hour=4))
