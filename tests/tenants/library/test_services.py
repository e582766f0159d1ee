"""Files of the brand, and WeChat's copies of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from saas import clock
from saas.db import db
from saas.errors import Invalid, NotFound
from saas.jobs.models import JobRow
from saas.tenancy.scope import TenantScope, enter, system_scope
from saas.wechat import versions
from tenants.library import services
from tenants.library.models import Media
from tests.factories.accounts import make_tree
from tests.factories.people import make_tenant
from tests.tenants.library.test_domain import PNG


@pytest.fixture
def picture(scope: TenantScope) -> Media:
    media = services.create_media(kind="image", name="海报", content=PNG)
    db.session.commit()
    return media


@pytest.fixture
def account_id(scope: TenantScope) -> UUID:
    return make_tree().central


def test_a_file_is_stored_and_read(picture: Media) -> None:
    assert (picture.content_type, picture.size) == ("image/png", len(PNG))
    assert services.read_content(picture) == PNG
    assert [one.id for one in services.list_media(search="海").items] == [picture.id]
    assert services.list_media(kind="voice").items == []


def test_another_brand_does_not_have_it(picture: Media) -> None:
    with enter(system_scope(make_tenant())):
        with pytest.raises(NotFound):
            services.access_media(picture.id)
        assert services.list_media().items == []


@pytest.mark.parametrize(
    ("kind", "content"), [("image", b"<svg>"), ("voice", PNG), ("thumb", b"\xff\xd8\xff" + b"0" * 65536)]
)
def test_what_wechat_would_refuse_is_refused_here(scope: TenantScope, kind: str, content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        services.create_media(kind=kind, name="x", content=content)
    assert "file" in refusal.value.fields


def test_a_needed_file_is_planned_once_and_resolved_until_it_ends(picture: Media, account_id: UUID) -> None:
    for _ in range(2):
        services.need_media([picture.id], account_id)
    db.session.commit()
    assert [job.arguments["media_id"] for job in jobs()] == [str(picture.id)]
    assert services.resolve_media([picture.id], account_id) == {}
    before = versions.current(account_id)
    services.record_upload(picture.id, account_id, wechat_id="w1", lasts=timedelta(days=2))
    db.session.commit()
    assert services.resolve_media([picture.id], account_id) == {picture.id: "w1"}
    assert versions.current(account_id) == before + 1
    with time_machine.travel(clock.now() + timedelta(days=2, seconds=1)):
        assert services.resolve_media([picture.id], account_id) == {}


def test_copies_are_renewed_before_they_end(picture: Media, account_id: UUID) -> None:
    services.need_media([picture.id], account_id)
    services.record_upload(picture.id, account_id, wechat_id="w1", lasts=timedelta(days=2))
    services.plan_renewals()
    assert len(jobs()) == 1
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1)):
        services.plan_renewals()
    assert len(jobs()) == 2


def test_a_file_taken_out_is_sent_no_more(picture: Media, account_id: UUID) -> None:
    services.need_media([picture.id], account_id)
    services.record_upload(picture.id, account_id, wechat_id="w1", lasts=timedelta(days=2))
    db.session.commit()
    before = versions.current(account_id)
    services.delete_media(picture)
    db.session.commit()
    assert versions.current(account_id) == before + 1


def jobs() -> list[JobRow]:
    return list(db.session.scalars(select(JobRow).where(JobRow.name == services.UPLOAD_JOB)))
