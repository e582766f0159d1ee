"""Human replies: each act of a fan once, when the answer has reached WeChat, and equal to a recount."""

from __future__ import annotations

from uuid import UUID

import pytest

from saas import clock
from saas.db import db
from saas.tenancy.scope import TenantScope
from saas.wechat.outbox import OutboxRow, TemplateMessage, access_effect
from tenants.fans import services as fans
from tenants.fans.models import Fan
from tenants.inbox import services as inbox
from tenants.kpi.domain.periods import month_of
from tenants.kpi.handlers import observe_sent
from tenants.kpi.services.monthly import list_months, read_brand
from tenants.kpi.services.recount import compare_with_facts
from tests.factories.accounts import Tree, make_connected, make_tree
from tests.factories.fans import make_fan, observed, row, text
from tests.factories.outward import allow, make_sent


@pytest.fixture
def brand(scope: TenantScope) -> Tree:
    tree = make_tree()
    make_connected(tree.bund)
    return tree


def asking(account_id: UUID) -> Fan:
    """A fan who has just written."""
    fan = make_fan(account_id, at=clock.now())
    observed(row(account_id, text(str(fan.openid)), at=clock.now()))
    allow(fan)
    return fan


def told(line: fans.Message) -> bool:
    found = bool(observe_sent(access_effect(line.id)))
    db.session.commit()
    return found


def replies(tree: Tree) -> int | None:
    month = month_of(clock.today("Asia/Shanghai"))
    return {one.line.id: one.figures for one in list_months(read_brand(), month)}[tree.bund].own["replies_human"]


def test_an_act_is_answered_once_however_many_messages_that_took(brand: Tree) -> None:
    fan = asking(brand.bund)
    assert [told(make_sent(fan, words, state="done")) for words in ("您好", "八点开门")] == [True, False]
    assert replies(brand) == 1
    observed(row(brand.bund, text(str(fan.openid), "谢谢"), at=clock.now()))
    assert told(make_sent(fan, "不客气", state="done"))
    assert replies(brand) == 2
    assert not compare_with_facts()


@pytest.mark.parametrize("state", ["refused", "unknown"])
def test_what_did_not_reach_wechat_for_certain_is_not_counted(brand: Tree, state: str) -> None:
    assert not told(make_sent(asking(brand.bund), state=state))
    assert replies(brand) == 0


def test_templates_and_what_no_person_sent_are_not_counted(brand: Tree) -> None:
    fan = asking(brand.bund)
    template = TemplateMessage(openid=str(fan.openid), template_id="t", data={"thing1": "拿铁"})
    line = inbox.send_message(fan, template, filled="预约成功：拿铁")
    db.session.flush()
    access_effect(line.id).state = "done"
    db.session.commit()
    assert not told(line)
    db.session.add(
        OutboxRow(id=(other := fan.id), account_id=brand.bund, kind="custom", openid="o", payload={}, state="done")
    )
    db.session.flush()
    assert not observe_sent(access_effect(other))


def test_an_answer_to_a_fan_who_is_forgotten_meanwhile_still_counts(brand: Tree) -> None:
    fan = asking(brand.bund)
    line = make_sent(fan, state="done")
    fans.erase_own(fan.id)
    db.session.commit()
    assert told(line)
    assert replies(brand) == 1
    assert not compare_with_facts()
