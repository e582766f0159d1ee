"""The verbs of the library. Plain arguments, no commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from saas import clock
from saas.db import db, new_id
from saas.errors import Invalid, NotFound
from saas.files import file_store
from saas.jobs.plan import plan_job
from saas.tenancy.scope import current_scope
from saas.web.paging import Page, Sort, page_of
from saas.wechat import versions
from tenants.library.domain import LIMITS, MediaKind, content_type_of
from tenants.library.models import Media, MediaUpload

UPLOAD_JOB = "library.upload"
RENEW_BEFORE = timedelta(days=1)
NEWEST_FIRST = Sort((Media.id,), key=lambda row: (row.id,), descending=True)


def access_media(media_id: UUID) -> Media:
    """One file of the brand; raises NotFound for missing and foreign alike."""
    media = db.session.get(Media, (current_scope().tenant.id, media_id))
    if media is None:
        raise NotFound
    return media


def list_media(*, kind: str = "", search: str = "", cursor: str | None = None, limit: int = 50) -> Page[Media]:
    """The brand's files, newest first."""
    query = select(Media)
    if kind:
        query = query.where(Media.kind == kind)
    if search:
        query = query.where(Media.name.icontains(search, autoescape=True))
    return page_of(query, sort=NEWEST_FIRST, cursor=cursor, limit=limit)


def create_media(*, kind: str, name: str, content: bytes) -> Media:
    """Stores a file; raises Invalid when it is not of its kind or too large for WeChat."""
    limit = LIMITS[MediaKind(kind)]
    content_type = content_type_of(content)
    if content_type not in limit.types:
        raise Invalid({"file": [_l("This file is not of the kind chosen.")]})
    if len(content) > limit.size:
        raise Invalid({"file": [_l("This file is too large for WeChat.")]})
    key = file_store().put(current_scope().tenant.id, content)
    media = Media(id=new_id(), kind=kind, name=name, content_type=content_type, size=len(content), file_key=key)
    db.session.add(media)
    return media


def read_content(media: Media) -> bytes:
    """The file's bytes; raises NotFound when the store lost it."""
    return file_store().get(media.tenant_id, media.file_key)


def delete_media(media: Media) -> None:
    """Takes a file out of the library; rules that use it answer with their next reply."""
    versions.bump(db.session.scalars(select(MediaUpload.account_id).where(MediaUpload.media_id == media.id)))
    db.session.delete(media)


def need_media(media_ids: Iterable[UUID], account_id: UUID) -> None:
    """Says that an account will answer with these files: copies WeChat lacks are planned for upload."""
    for media_id in set(media_ids):
        access_media(media_id)
        row = insert(MediaUpload).values(
            tenant_id=current_scope().tenant.id, id=new_id(), account_id=account_id, media_id=media_id
        )
        fresh = db.session.scalar(row.on_conflict_do_nothing().returning(MediaUpload.id))
        if fresh is not None:
            plan_job(UPLOAD_JOB, media_id=str(media_id), account_id=str(account_id))


def resolve_media(media_ids: Iterable[UUID], account_id: UUID) -> Mapping[UUID, str]:
    """WeChat's ids of our files in one account; a file whose copy is missing or too old is left out."""
    query = select(MediaUpload.media_id, MediaUpload.wechat_id).where(
        MediaUpload.account_id == account_id,
        MediaUpload.media_id.in_(set(media_ids)),
        MediaUpload.wechat_id.is_not(None),
        MediaUpload.expires_at > clock.now(),
    )
    return {ours: theirs for ours, theirs in db.session.execute(query) if theirs is not None}


def record_upload(media_id: UUID, account_id: UUID, *, wechat_id: str, lasts: timedelta) -> None:
    """Keeps the id that WeChat gave; answers use it from the next message on."""
    given = {"wechat_id": wechat_id, "expires_at": clock.now() + lasts}
    row = insert(MediaUpload).values(
        tenant_id=current_scope().tenant.id, id=new_id(), account_id=account_id, media_id=media_id, **given
    )
    place = ["tenant_id", "account_id", "media_id"]
    db.session.execute(row.on_conflict_do_update(index_elements=place, set_=given))
    versions.bump([account_id])


def plan_renewals() -> None:
    """Plans the upload of every copy that ends within a day or was never made."""
    soon = clock.now() + RENEW_BEFORE
    query = select(MediaUpload).where(or_(MediaUpload.expires_at.is_(None), MediaUpload.expires_at < soon))
    for upload in db.session.scalars(query):
        plan_job(UPLOAD_JOB, media_id=str(upload.media_id), account_id=str(upload.account_id))
