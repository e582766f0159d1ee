"""A forgotten fan's messages and allowances are gone; what WeChat answered stays countable."""

from __future__ import annotations

import json

import pytest

from saas.db import db
from saas.tenancy.scope import enter, system_scope
from saas.wechat.erasure import forget_fan
from saas.wechat.housekeeping import keep_house
from saas.wechat.outbox import calling
from saas.wechat.quota import fans as ledger

MARK = "机密7F3Q"


@pytest.fixture
def forget(tenant, credentials):
    """Forgets a fan of the account."""

    def run(openid):
        with enter(system_scope(tenant)):
            forget_fan(credentials.account_id, openid, [])
            db.session.commit()

    return run


def test_what_was_sent_is_blanked_and_still_counts(drain, phone, fans, planned, effects, forget, tenant, credentials):
    phone.write(fans[0])
    planned(fans[0], MARK)
    drain()
    forget(fans[0])
    (row,) = effects()
    assert (row.state, row.openid, row.payload) == ("done", None, {})
    with enter(system_scope(tenant)):
        assert ledger.of_fan(credentials.account_id, fans[0]).parts == ()
        kept = db.session.scalars(db.text("SELECT row_to_json(o)::text FROM outbox o")).all()
    assert not [one for one in kept if MARK in one or fans[0] in one]


def test_what_waits_is_not_sent_any_more(drain, phone, fans, planned, effects, forget):
    phone.write(fans[0])
    planned(fans[0], MARK)
    forget(fans[0])
    assert drain() == 0
    assert (effects()[0].state, effects()[0].reason) == ("refused", "erased")
    assert phone.got(fans[0]) == []


def test_what_is_being_sent_ends_as_it_ends(drain, phone, fans, planned, effects, forget, monkeypatch):
    phone.write(fans[0])
    planned(fans[0], MARK)
    call = calling._call
    monkeypatch.setattr(calling, "_call", lambda *values: (forget(fans[0]), call(*values))[1])
    drain()
    (row,) = effects()
    assert (row.state, row.openid, json.dumps(row.payload)) == ("done", None, "{}")


def test_other_fans_keep_theirs(phone, fans, planned, effects, forget):
    for openid in fans[:2]:
        phone.allow(openid)
        planned(openid, MARK)
    forget(fans[0])
    forget(fans[0])  # may be run again
    assert [(row.state, row.openid) for row in effects()] == [("refused", None), ("planned", fans[1])]


def test_the_house_is_kept(drain, phone, fans, planned, change, effects, tenant, credentials):
    for openid in fans[:2]:
        phone.write(openid)
    planned(fans[0])
    drain()
    planned(fans[1])
    change("finished_at = finished_at - interval '91 days'")
    with enter(system_scope(tenant)):
        db.session.execute(
            db.text("UPDATE allowances SET expires_at = now() - interval '2 days' WHERE openid = :o"), {"o": fans[0]}
        )
        db.session.execute(
            db.text(
                "INSERT INTO call_counts (tenant_id, account_id, path, day, used) VALUES (:t, :a, '/x', current_date - 63, 1)"
            ),
            {"t": tenant.id, "a": credentials.account_id},
        )
        db.session.commit()
    keep_house(db.engines["platform"])
    assert [row.openid for row in effects()] == [fans[1]]
    with enter(system_scope(tenant)):
        assert db.session.scalars(db.text("SELECT openid FROM allowances")).all() == [fans[1]]
        assert db.session.scalar(db.text("SELECT count(*) FROM call_counts WHERE path = '/x'")) == 0
