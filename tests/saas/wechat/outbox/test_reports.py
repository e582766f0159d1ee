"""WeChat's reports of template messages: matched by account, fan and msgid, whatever comes first, and once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from saas.db import db, new_id
from saas.tenancy.scope import TenantRecord, enter, system_scope
from saas.wechat.batch import Batch, JournalRow
from saas.wechat.messages import TemplateSent
from saas.wechat.outbox import OutboxRow, TemplateMessage, access_effect, reports, words
from saas.wechat.outbox.reports import Report
from tests.factories.fans import row
from tests.factories.people import make_tenant

BLOCKED = ("refused", Report.BLOCKED)
Make = Callable[..., OutboxRow]


@pytest.fixture
def made(tenant: TenantRecord, app: Flask) -> Make:
    """A template message to `o1`, as its sender has left it."""

    def make(**values: object) -> OutboxRow:
        defaults = {"account_id": ACCOUNT, "openid": "o1", "state": "done", "wechat_id": "77", "tries": 1}
        with enter(system_scope(tenant)):
            kept = OutboxRow(id=new_id(), kind=TemplateMessage.kind, payload={}, **{**defaults, **values})
            db.session.add(kept)
            db.session.commit()
            return kept

    return make


ACCOUNT = new_id()


def report(
    job: str = "77", status: str = "failed:user block", *, openid: str = "o1", account: UUID = ACCOUNT
) -> JournalRow:
    return row(
        account, TemplateSent(openid=openid, event="TEMPLATESENDJOBFINISH", created_at=0, job_id=job, status=status)
    )


def heard(tenant: TenantRecord, *rows: JournalRow) -> int:
    with enter(system_scope(tenant)):
        count = reports.hear(Batch(rows))
        db.session.commit()
        return count


def fate(tenant: TenantRecord, kept: OutboxRow) -> tuple[str, str]:
    with enter(system_scope(tenant)):
        found = access_effect(kept.id)
        return found.state, found.reason


def settled(tenant: TenantRecord, kept: OutboxRow, wechat_id: str) -> tuple[str, str]:
    """Its sender comes back with an answer, and looks for a report."""
    with enter(system_scope(tenant)):
        found = access_effect(kept.id)
        found.state, found.wechat_id = "done", wechat_id
        reports.settle(found)
        db.session.commit()
    return fate(tenant, kept)


def test_a_report_is_taken_in_once(tenant: TenantRecord, made: Make) -> None:
    kept = made()
    assert [heard(tenant, report(), report()), heard(tenant, report())] == [1, 0]
    assert fate(tenant, kept) == BLOCKED
    with enter(system_scope(tenant)):
        assert str(words(access_effect(kept.id))).startswith("未送达：粉丝已拒收")


@pytest.mark.parametrize("status", ["success", "", "SUCCESS", "unheard of"])
def test_what_is_no_failure_changes_nothing(tenant: TenantRecord, made: Make, status: str) -> None:
    kept = made()
    assert heard(tenant, report(status=status)) == 0
    assert fate(tenant, kept) == ("done", "")


@pytest.mark.parametrize(
    "stranger",
    [report("78"), report(openid="o2"), report(account=new_id()), report("")],
    ids=["message", "fan", "account", "nothing"],
)
def test_a_report_on_another_message_touches_nothing(tenant: TenantRecord, made: Make, stranger: JournalRow) -> None:
    kept, waiting = made(), made(state="planned", wechat_id=None, tries=0)
    assert heard(tenant, stranger) == 0
    assert (fate(tenant, kept), settled(tenant, waiting, "78")) == (("done", ""), ("done", ""))


def test_a_report_of_another_brand_touches_nothing(tenant: TenantRecord, made: Make) -> None:
    kept = made()
    assert heard(make_tenant(), report()) == 0
    assert fate(tenant, kept) == ("done", "")


@pytest.mark.parametrize("state", ["sending", "planned", "unknown"])
def test_one_that_comes_first_waits_for_the_answer(tenant: TenantRecord, made: Make, state: str) -> None:
    kept, other = [made(state=state, wechat_id=None) for _ in range(2)]
    assert heard(tenant, report("77"), report("99", "failed:freq limit")) == 0
    assert heard(tenant, report("55")) == 0
    assert fate(tenant, kept) == (state, "")
    assert settled(tenant, kept, "99") == ("refused", Report.LIMITED)
    assert settled(tenant, other, "98") == ("done", "")


def test_one_that_comes_while_the_answer_is_written_waits_for_that(
    app: Flask, tenant: TenantRecord, made: Make
) -> None:
    kept = made(state="sending", wechat_id=None)

    def hear() -> None:
        with app.app_context():
            counts.append(heard(tenant, report()))

    counts: list[int] = []
    with enter(system_scope(tenant)):
        found = access_effect(kept.id)
        found.state, found.wechat_id = "done", "77"
        db.session.flush()
        thread = threading.Thread(target=hear)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        assert not reports.settle(found)
        db.session.commit()
    thread.join(5)
    assert counts == [1]
    assert fate(tenant, kept) == BLOCKED


def test_a_killed_sender_finds_the_report_when_it_repeats(
    tenant, fans, planned, notice, drain, change, effects
) -> None:
    kept = planned(fans[0], notice)
    drain()
    msgid = effects()[0].wechat_id
    # Killed after its call: neither outcome nor msgid were written, and WeChat gives the same msgid to the same key.
    change("state = 'sending', wechat_id = NULL, finished_at = NULL, lease_until = now() - interval '1 second'")
    assert heard(tenant, report(msgid, openid=fans[0], account=kept.account_id)) == 0
    drain()
    change("due_at = now()")
    drain()
    assert effects()[0].wechat_id == msgid
    assert settled(tenant, kept, msgid) == BLOCKED
