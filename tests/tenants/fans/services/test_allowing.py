"""Whether a person may write: not to somebody who, by WeChat's word, is not there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from saas import clock
from saas.db import db, new_id
from saas.tenancy.scope import TenantScope
from saas.wechat.outbox import OutboxRow
from tenants.fans import services
from tenants.fans.models import Fan
from tests.factories.accounts import make_account, make_connected
from tests.factories.fans import START, fan_of, follow, make_fan, observed, row, text
from tests.factories.outward import allow

LATER = START + timedelta(hours=1)


@pytest.fixture
def fan(scope: TenantScope) -> Fan:
    account_id = make_account().id
    make_connected(account_id)
    made = make_fan(account_id)
    allow(made)
    return made


def refuse(fan: Fan, errcode: int, *, at: datetime = LATER, openid: str | None = None) -> None:
    """WeChat has answered so to a message that a sender took up at this moment."""
    values = {"kind": "template", "payload": {}, "state": "refused", "reason": "answer", "errcode": errcode}
    receiver = openid or fan.openid
    db.session.add(OutboxRow(id=new_id(), account_id=fan.account_id, openid=receiver, claimed_at=at, **values))
    db.session.commit()


def may(fan: Fan) -> tuple[bool, bool]:
    allowed = services.allowed_for(fan_of(fan.account_id, fan.openid or ""))
    return allowed.may_write, allowed.takes_templates


@pytest.mark.parametrize("errcode", [43004, 40003])
def test_whom_wechat_does_not_find_is_offered_nothing(fan: Fan, errcode: int) -> None:
    refuse(fan, errcode)
    assert may(fan) == (False, False)
    assert str(services.allowed_for(fan).sentence).startswith("粉丝已取消关注")


def test_other_refusals_and_other_fans_change_nothing(fan: Fan) -> None:
    refuse(fan, 47003)
    refuse(fan, 43004, openid="somebody-else")
    assert may(fan) == (True, True)


@pytest.mark.parametrize("act", [follow, text])
def test_who_acts_afterwards_is_back(fan: Fan, act: object) -> None:
    refuse(fan, 43004)
    observed(row(fan.account_id, act(fan.openid), at=LATER))  # type: ignore[operator]
    assert may(fan) == (True, True)


def test_whom_the_night_finds_in_the_list_is_back(fan: Fan) -> None:
    refuse(fan, 43004)
    fan.synced_at = clock.now()
    db.session.commit()
    assert may(fan) == (True, True)
