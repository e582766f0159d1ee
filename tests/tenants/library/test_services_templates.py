"""Message templates: read by a job, kept with what WeChat said, filled field by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlalchemy import select

from saas.db import db
from saas.errors import NotFound
from saas.jobs.models import JobRow
from saas.tenancy.scope import TenantScope, enter, system_scope
from saas.wechat.answers import Template as Told
from saas.wechat.errors import WeChatError
from tenants.library import jobs, services
from tenants.library.domain import Template, fields_of, fill
from tests.factories.accounts import make_account, make_connected
from tests.factories.people import make_tenant

CONTENT = "预约项目：{{thing1.DATA}}\n到店时间：{{time2.DATA}}\n{{remark.DATA}}"
TOLD = Told("tpl-1", "预约成功通知", CONTENT, "预约项目：手冲课")


@dataclass
class FakeWeChat:
    """Tells templates, or the error it was told to give."""

    told: list[Told] = field(default_factory=lambda: [TOLD])
    errcode: int | None = 0

    def get_templates(self) -> list[Told]:
        if self.errcode != 0:
            raise WeChatError(self.errcode)
        return self.told


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> FakeWeChat:
    fake = FakeWeChat()
    monkeypatch.setattr(jobs.accounts, "client_of", lambda _account_id: fake)
    return fake


@pytest.fixture
def account(scope: TenantScope) -> UUID:
    account_id = make_account(name="云岫").id
    make_connected(account_id)
    return account_id


def read(account_id: UUID) -> None:
    services.ask_templates(account_id)
    db.session.commit()
    jobs.read_templates(account_id=str(account_id))
    db.session.commit()


def test_templates_are_read_by_a_job_and_kept(account: UUID, wechat: FakeWeChat) -> None:
    assert services.templates_of(account).read_at is None
    services.ask_templates(account)
    db.session.commit()
    assert services.templates_of(account).is_being_read
    assert db.session.scalars(select(JobRow.name)).all().count(services.TEMPLATES_JOB) == 1
    jobs.read_templates(account_id=str(account))
    known = services.templates_of(account)
    assert (known.is_being_read, known.trouble, [one.title for one in known.items]) == (False, "", ["预约成功通知"])
    assert services.find_template(account, "tpl-1").content == CONTENT
    with pytest.raises(NotFound):
        services.find_template(account, "tpl-2")


def test_a_refusal_is_told_in_words_and_what_was_read_stays(account: UUID, wechat: FakeWeChat) -> None:
    read(account)
    for errcode in (48001, None):
        wechat.errcode = errcode
        read(account)
        known = services.templates_of(account)
        assert str(known.trouble)
        assert len(known.items) == 1


def test_lists_that_were_asked_for_are_read_again_at_night(account: UUID, wechat: FakeWeChat) -> None:
    jobs.read_all_templates()
    assert services.asked_ids() == []
    read(account)
    jobs.read_all_templates()
    db.session.commit()
    assert db.session.scalars(select(JobRow.name)).all().count(services.TEMPLATES_JOB) == 2


def test_another_brand_knows_no_templates_of_ours(account: UUID, wechat: FakeWeChat) -> None:
    read(account)
    with enter(system_scope(make_tenant())):
        assert services.templates_of(account).items == ()


def test_fields_are_named_by_what_stands_before_them() -> None:
    template = Template("1", "预约成功通知", CONTENT)
    assert [(one.name, one.label, one.longest) for one in fields_of(template)] == [
        ("thing1", "预约项目", 20),
        ("time2", "到店时间", 200),
        ("remark", "remark", 200),
    ]
    assert fill(CONTENT, {"thing1": "手冲课", "time2": "14:00"}) == "预约项目：手冲课\n到店时间：14:00"
