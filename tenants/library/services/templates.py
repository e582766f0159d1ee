"""The message templates of accounts: WeChat keeps them, we read them by a job and remember what it told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from saas import clock
from saas.db import db
from saas.errors import NotFound, Sentence
from saas.jobs.plan import plan_job
from saas.tenancy.scope import current_scope
from saas.wechat.errors import WeChatError
from tenants.library.domain import Template
from tenants.library.models import TemplateList

TEMPLATES_JOB = "library.read_templates"
PATIENCE = timedelta(minutes=2)
"""After which nobody believes that an answer will still come."""


@dataclass(frozen=True, slots=True)
class Templates:
    """What is known of an account's templates: as of when, whether they are being read, and why they could not be."""

    items: Sequence[Template] = ()
    read_at: datetime | None = None
    is_being_read: bool = False
    trouble: Sentence = ""


def templates_of(account_id: UUID) -> Templates:
    """The account's templates as last read."""
    kept = _kept(account_id)
    if kept is None:
        return Templates()
    trouble = "" if kept.errcode is None else WeChatError(kept.errcode or None).explanation
    is_being_read = kept.asked_at > max(kept.heard_at or kept.asked_at - PATIENCE, clock.now() - PATIENCE)
    return Templates([Template(**one) for one in kept.items], kept.read_at, is_being_read, trouble)


def find_template(account_id: UUID, template_id: str) -> Template:
    """One template of an account; raises NotFound."""
    found = next((one for one in templates_of(account_id).items if one.id == template_id), None)
    if found is None:
        raise NotFound
    return found


def ask_templates(account_id: UUID) -> None:
    """Has the account's templates read anew."""
    kept = _kept(account_id) or TemplateList(account_id=account_id, items=[])
    kept.asked_at = clock.now()
    db.session.add(kept)
    plan_job(TEMPLATES_JOB, account_id=str(account_id))


def keep_templates(account_id: UUID, items: Iterable[Template]) -> None:
    """Remembers what WeChat told."""
    kept = _asked(account_id)
    kept.items, kept.errcode = [asdict(one) for one in items], None
    kept.read_at = kept.heard_at = clock.now()


def keep_trouble(account_id: UUID, errcode: int | None) -> None:
    """Remembers why WeChat told nothing; what was read before stays. No code: it could not be reached."""
    kept = _asked(account_id)
    kept.errcode, kept.heard_at = errcode or 0, clock.now()


def asked_ids() -> Sequence[UUID]:
    """The accounts whose templates somebody has asked for."""
    return db.session.scalars(select(TemplateList.account_id)).all()


def _kept(account_id: UUID) -> TemplateList | None:
    return db.session.get(TemplateList, (current_scope().tenant.id, account_id))


def _asked(account_id: UUID) -> TemplateList:
    return db.session.get_one(TemplateList, (current_scope().tenant.id, account_id), with_for_update=True)
