"""What became of people's messages: the first answer, a template that WeChat doesn't know, one that it took in vain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from saas import clock
from saas.db import db
from saas.jobs.models import JobRow
from saas.tenancy.scope import TenantScope
from saas.wechat.batch import Batch, JournalRow
from saas.wechat.messages import TemplateSent
from saas.wechat.outbox import OutboxRow, TemplateMessage, access_effect
from tenants.fans.models import Fan
from tenants.inbox import services
from tenants.inbox.handlers import observe, observe_sent
from tenants.library import services as library
from tests.factories.accounts import Tree, make_connected, make_tree
from tests.factories.fans import make_fan, row
from tests.factories.outward import make_open_conversation, make_sent


@pytest.fixture
def tree(scope: TenantScope) -> Tree:
    return make_tree()


def test_the_first_answer_that_arrives_ends_the_waiting(tree: Tree) -> None:
    conversation, fan = make_open_conversation(tree.bund)
    conversation.waiting_since = clock.now() - timedelta(seconds=90)
    lost, first = make_sent(fan, state="unknown"), make_sent(fan, state="done")
    assert list(observe_sent(access_effect(lost.id))) == []
    assert list(observe_sent(access_effect(first.id))) == ["inbox"]
    services.resolve_conversation(conversation)
    later = make_sent(fan, state="done")
    observe_sent(access_effect(later.id))
    db.session.refresh(conversation)
    assert conversation.first_response_seconds is not None
    assert 90 <= conversation.first_response_seconds < 120


@pytest.fixture
def fan(tree: Tree) -> Fan:
    make_connected(tree.bund)
    return make_fan(tree.bund)


def make_notice(fan: Fan, **outcome: object) -> OutboxRow:
    """A person's template message with its outcome."""
    effect = TemplateMessage(openid=fan.openid or "", template_id="t-1", data={"thing1": "拿铁"})
    line = services.send_message(fan, effect, filled="预约成功：拿铁")
    db.session.flush()
    kept = access_effect(line.id)
    for name, value in outcome.items():
        setattr(kept, name, value)
    db.session.commit()
    return kept


def readings() -> int:
    """How often the templates are to be read."""
    db.session.flush()
    wanted = select(func.count()).select_from(JobRow).where(JobRow.name == library.TEMPLATES_JOB)
    return db.session.scalar(wanted) or 0


def test_an_unknown_template_has_them_read_again_once(fan: Fan) -> None:
    for outcome in ({"state": "done"}, {"state": "refused", "errcode": 43004}):
        observe_sent(make_notice(fan, **outcome))
    assert readings() == 0
    for _ in range(3):
        observe_sent(make_notice(fan, state="refused", errcode=40037))
    assert readings() == 1
    assert library.templates_of(fan.account_id).is_being_read


def test_live_pages_are_told_of_what_did_not_arrive(fan: Fan) -> None:
    early, late = [
        make_notice(fan, state=state, wechat_id=job, tries=1) for state, job in (("done", "7"), ("sending", None))
    ]
    batch = Batch((report_on(fan, "7"), report_on(fan, "8")))
    assert observe(batch) == {"inbox", "outbox"}
    assert observe(batch) == set()
    late.state, late.wechat_id = "done", "8"
    db.session.flush()
    db.session.refresh(late)
    assert observe_sent(late) == {"inbox", "outbox"}
    db.session.refresh(early)
    assert (early.state, late.state) == ("refused", "refused")


def report_on(fan: Fan, job: str) -> JournalRow:
    values = {"event": "TEMPLATESENDJOBFINISH", "created_at": 0, "job_id": job, "status": "failed:user block"}
    return row(fan.account_id, TemplateSent(openid=fan.openid or "", **values))
